// Register tiles of bfloat16 pairs for processors with a matrix unit (AMX-BF16): one instruction
// multiplies 16 rows by 16 columns, 32 elements deep.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_matrix_sums.h"
#include "gemm_pack_pairs.h"

/// Words of a group of 32 elements' depth.
enum { words_of_block = matrix_rows * side };

/// 32 rows as `[steps / 16][32][16 words]`; rows past the last are 0.
PAIRS static void pack_matrix_rows(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  prologue exact = *p;
  exact.rounding = false;  // The conversion to pairs rounds.
  for (int r = 0; r < rows; r++) {
    __mmask16 keep = 0;
    for (ptrdiff_t k = 0; k < count; k += 32)
      _mm512_storeu_si512(
        out + k / 32 * words_of_block + r * side,
        edited_halves(&exact, row + r, k0 + k, count - k, &keep));
  }
}

/// The same from a transposed A (`[k, m]`).
PAIRS static void pack_matrix_columns(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  for (ptrdiff_t k = 0; k < count; k += 32, out += words_of_block)
    for (int half = 0; half * side < rows; half++) {
      const __mmask16 inside = lanes_below(rows - half * side);
      __m512 pairs[16], lines[16];
      for (ptrdiff_t i = 0; i < 16; i++) {
        const float *a = p->a + (k0 + k + 2 * i) * p->rows + row + half * side;
        __m512 x = _mm512_setzero_ps(), y = _mm512_setzero_ps();
        if (k + 2 * i < count) x = _mm512_maskz_loadu_ps(inside, a);
        if (k + 2 * i + 1 < count) y = _mm512_maskz_loadu_ps(inside, a + p->rows);
        pairs[i] = zipped_halves(halves_of(x, y));
      }
      transpose16(pairs, lines);
      for (int r = 0; r < side; r++) _mm512_storeu_ps(out + (half * side + r) * side, lines[r]);
    }
}

static ptrdiff_t whole_steps(ptrdiff_t count) { return (count + 31) / 32 * side; }

PAIRS static void pack_matrix_group(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  if (rows < matrix_rows)
    memset(out, 0, (size_t)(whole_steps(count) * matrix_rows) * sizeof(float));
  if (p->transposed)
    pack_matrix_columns(p, row, rows, k0, count, out);
  else
    pack_matrix_rows(p, row, rows, k0, count, out);
}

PAIRS static void pack_matrix_panel(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t count, float *out) {
  pack_pair_panel(p, column, k0, count, out);
  const ptrdiff_t filled = (count + 1) / 2, steps = whole_steps(count);
  memset(
    out + filled * tile_columns, 0, (size_t)((steps - filled) * tile_columns) * sizeof(float));
}

MATRIX static void multiply(
  int rows, const destination *d, const float *a, const float *b, ptrdiff_t steps) {
  enum { line = side * sizeof(float), panel_line = tile_columns * sizeof(float) };
  waiting_rows *waiting = &dept_waiting_rows;
  clear_sums();
  for (ptrdiff_t step = 0; step < steps; step += side) {
    _tile_loadd(4, a, line);
    _tile_loadd(6, b, panel_line);
    prefetch_lines(b + side * tile_columns);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, b + side, panel_line);
    prefetch_lines(b + side * tile_columns + side * side);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(5, a + side * side, line);
    prefetch_lines(a + words_of_block);
    _tile_dpbf16ps(2, 5, 6);
    prefetch_lines(a + words_of_block + side * side);
    _tile_dpbf16ps(3, 5, 7);
    a += words_of_block;
    b += side * tile_columns;
    finish_share(waiting, step, steps);
  }
  store_sums(waiting, rows, d);
}

const tile_format dept_matrix_tiles = {
  .rows = matrix_rows,
  .columns = tile_columns,
  .group_words = matrix_rows,
  .panel_words = tile_columns,
  .depth = largest_depth,
  .elements = 2,
  .unit = side,
  .pack_group = pack_matrix_group,
  .pack_panel = pack_matrix_panel,
  .multiply = multiply,
  .begin = dept_begin_matrix_unit,
  .end = dept_end_matrix_products,
};

#endif
