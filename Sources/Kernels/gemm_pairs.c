// Register tiles of bfloat16 pairs, for processors that multiply them faster than float32 numbers.
#include "gemm.h"

#if defined(__x86_64__)

#include "gemm_pack_pairs.h"

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

const tile_format dept_pair_tiles = {2, pack_pair_group, pack_pair_panel, multiply};

#endif
