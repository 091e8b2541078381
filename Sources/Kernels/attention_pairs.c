// Products of attention with bfloat16 operands, by the vector instruction for pairs of them.
#include "attention_formats.h"

#if defined(__x86_64__)

#include "attention_pack_pairs.h"

INLINEPAIRS void pair_tile(
  const int rows, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t words,
  float *c, ptrdiff_t c_step, bool adding) {
  tile sums;
  tile_clear(rows, sums);
  for (ptrdiff_t k = 0; k < words; k++, right += lanes) {
    const __m512bh b0 = (__m512bh)_mm512_loadu_ps(right);
    const __m512bh b1 = (__m512bh)_mm512_loadu_ps(right + 16);
    UNROLLED
    for (int r = 0; r < rows; r++) {
      const __m512bh x = (__m512bh)_mm512_set1_ps(left[r * left_step + k]);
      sums[r][0] = _mm512_dpbf16_ps(sums[r][0], x, b0);
      sums[r][1] = _mm512_dpbf16_ps(sums[r][1], x, b1);
    }
  }
  tile_store(rows, sums, c, c_step, adding);
}

PAIRS static void multiply(
  ptrdiff_t rows, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t depth,
  float *c, ptrdiff_t used) {
  (void)used;
  const ptrdiff_t parts = (rows + tile_rows - 1) / tile_rows, words = (depth + 1) / 2;
  for (ptrdiff_t part = 0; part < parts; part++) {
    const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
    WITH_CONSTANT_ROWS(
      (int)(r1 - r0), pair_tile, left + r0 * left_step, left_step, right, words, c + r0 * lanes,
      lanes, false)
  }
}

PAIRS static void accumulate(
  ptrdiff_t blocks, ptrdiff_t rows, const float *left, const float *right, ptrdiff_t count,
  float *c, ptrdiff_t wide) {
  (void)blocks;
  const ptrdiff_t parts = (rows + tile_rows - 1) / tile_rows, words = (count + 1) / 2;
  for (ptrdiff_t part = 0; part < parts; part++) {
    const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
    for (ptrdiff_t column = 0; column < wide; column += lanes) {
      WITH_CONSTANT_ROWS(
        (int)(r1 - r0), pair_tile, left + r0 * lanes / 2, lanes / 2, right + column * lanes / 2,
        words, c + r0 * wide + column, wide, true)
    }
  }
}

const attention_format dept_pair_attention = {
  PAIR_OPERANDS(pair), .multiply = multiply, .accumulate = accumulate, .most_blocks = 1};

const attention_format dept_pair_attention_of_halves = {
  PAIR_OPERANDS(half), .multiply = multiply, .accumulate = accumulate, .most_blocks = 1};

#endif
