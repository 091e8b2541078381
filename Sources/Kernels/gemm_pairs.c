// Register tiles of bfloat16 pairs, for processors that multiply them faster than float32 numbers.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_pack_pairs.h"

PAIRS static void pack_pair_rows(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  prologue exact = *p;
  exact.rounding = false;  // The conversion to pairs rounds.
  __mmask16 keep[16];
  for (ptrdiff_t k = 0; k < count; k += 32) {
    __m512 in[16], pairs[16];
    for (int r = 0; r < 16; r++)
      in[r] = r < rows ? _mm512_castsi512_ps(
                           edited_halves(&exact, row + r, k0 + k, count - k, keep + r))
                       : _mm512_setzero_ps();
    transpose16(in, pairs);
    // Each store's last two lanes are overwritten by the next one's first.
    const ptrdiff_t valid = count - k < 32 ? (count - k + 1) / 2 : 16;
    for (ptrdiff_t c = 0; c < valid; c++)
      _mm512_storeu_ps(out + (k / 2 + c) * tile_rows, pairs[c]);
  }
}

PAIRS static void pack_pair_group(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  if (!p->transposed) return pack_pair_rows(p, row, rows, k0, count, out);
  const __mmask16 inside = lanes_below(rows);
  for (ptrdiff_t k = 0; k < count; k += 2, out += tile_rows) {
    const float *a = p->a + (k0 + k) * p->rows + row;
    const __m512 x = _mm512_maskz_loadu_ps(inside, a);
    const __m512 y =
      k + 1 < count ? _mm512_maskz_loadu_ps(inside, a + p->rows) : _mm512_setzero_ps();
    _mm512_storeu_ps(out, zipped_halves(halves_of(x, y)));
  }
}

INLINEPAIRS void pair_product(
  const int rows, const destination *d, const float *a, const float *b, ptrdiff_t steps) {
  tile sums;
  tile_clear(rows, sums);
  for (ptrdiff_t step = 0; step < steps; step++) {
    const __m512bh b0 = (__m512bh)_mm512_loadu_ps(b), b1 = (__m512bh)_mm512_loadu_ps(b + 16);
    UNROLLED
    for (int r = 0; r < rows; r++) {
      const __m512bh x = (__m512bh)_mm512_set1_ps(a[r]);
      sums[r][0] = _mm512_dpbf16_ps(sums[r][0], x, b0);
      sums[r][1] = _mm512_dpbf16_ps(sums[r][1], x, b1);
    }
    a += tile_rows;
    b += tile_columns;
  }
  UNROLLED
  for (int r = 0; r < rows; r++) finish_row(d, r, sums[r][0], sums[r][1]);
}

PAIRS static void multiply(
  int rows, const destination *d, const float *a, const float *b, ptrdiff_t steps) {
  WITH_CONSTANT_ROWS(rows, pair_product, d, a, b, steps)
}

const tile_format dept_pair_tiles = {
  .rows = tile_rows,
  .columns = tile_columns,
  .group_words = tile_rows,
  .panel_words = tile_columns,
  .depth = largest_depth,
  .elements = 2,
  .unit = 1,
  .pack_group = pack_pair_group,
  .pack_panel = pack_pair_panel,
  .multiply = multiply,
};

#endif
