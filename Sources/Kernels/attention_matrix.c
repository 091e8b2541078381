// Products of attention with bfloat16 operands, by the processor's matrix unit.
#include "attention_formats.h"

#if defined(__x86_64__)

#include "attention_pack_pairs.h"
#include "matrix_unit.h"

enum { line = side * sizeof(float), right_line = lanes * sizeof(float), depth_of_64 = 2 * side };

/// 16 rows by 32 lanes, 64 deep, as often as there are rows; the right operand stays in the unit.
MATRIX static void multiply_64(
  ptrdiff_t rows, const float *left, ptrdiff_t left_step, const float *right, float *c) {
  const size_t left_line = (size_t)left_step * sizeof(float);
  _tile_loadd(4, right, right_line);
  _tile_loadd(5, right + side, right_line);
  _tile_loadd(6, right + side * lanes, right_line);
  _tile_loadd(7, right + side * lanes + side, right_line);
  for (ptrdiff_t row = 0; row < rows; row += side, left += side * left_step, c += side * lanes) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_loadd(2, left, left_line);
    _tile_dpbf16ps(0, 2, 4);
    prefetch_lines(left + side * left_step);
    _tile_dpbf16ps(1, 2, 5);
    _tile_loadd(3, left + side, left_line);
    _tile_dpbf16ps(0, 3, 6);
    prefetch_lines(left + side * left_step + side * side);
    _tile_dpbf16ps(1, 3, 7);
    _tile_stored(0, c, right_line);
    _tile_stored(1, c + side, right_line);
  }
}

/// 32 rows by 32 lanes, or 16 where not `both`; `words` is a multiple of 16.
INLINEMATRIX void matrix_tile(
  const bool both, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t words,
  float *c) {
  const size_t left_line = (size_t)left_step * sizeof(float);
  _tile_zero(0);
  _tile_zero(1);
  if (both) {
    _tile_zero(2);
    _tile_zero(3);
  }
  for (ptrdiff_t k = 0; k < words; k += side, right += side * lanes) {
    _tile_loadd(6, right, right_line);
    prefetch_lines(right + side * lanes);
    _tile_loadd(4, left + k, left_line);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, right + side, right_line);
    prefetch_lines(right + side * lanes + side * side);
    _tile_dpbf16ps(1, 4, 7);
    if (both) {
      _tile_loadd(5, left + side * left_step + k, left_line);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, c, right_line);
  _tile_stored(1, c + side, right_line);
  if (both) {
    _tile_stored(2, c + side * lanes, right_line);
    _tile_stored(3, c + side * lanes + side, right_line);
  }
}

MATRIX static void multiply(
  ptrdiff_t rows, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t depth,
  float *c, ptrdiff_t used) {
  (void)used;
  const ptrdiff_t words = words_of(depth);
  if (words == depth_of_64) return multiply_64(rows, left, left_step, right, c);
  for (ptrdiff_t row = 0; row < rows; row += 2 * side) {
    const float *x = left + row * left_step;
    if (row + side < rows)
      matrix_tile(true, x, left_step, right, words, c + row * lanes);
    else
      matrix_tile(false, x, left_step, right, words, c + row * lanes);
  }
}

/// The sums of 32 rows, or 16, and 32 columns over the blocks.
INLINEMATRIX void matrix_sums(
  const bool both, ptrdiff_t blocks, const float *left, ptrdiff_t left_size, const float *right,
  ptrdiff_t right_size, float *c, ptrdiff_t wide) {
  const size_t c_line = (size_t)wide * sizeof(float);
  float *next = c + side * wide;
  _tile_loadd(0, c, c_line);
  _tile_loadd(1, c + side, c_line);
  if (both) {
    _tile_loadd(2, next, c_line);
    _tile_loadd(3, next + side, c_line);
  }
  for (ptrdiff_t block = 0; block < blocks; block++, left += left_size, right += right_size) {
    _tile_loadd(4, left, line);
    prefetch_lines(left + left_size);
    _tile_loadd(6, right, right_line);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, right + side, right_line);
    _tile_dpbf16ps(1, 4, 7);
    if (both) {
      _tile_loadd(5, left + side * side, line);
      prefetch_lines(left + left_size + side * side);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, c, c_line);
  _tile_stored(1, c + side, c_line);
  if (both) {
    _tile_stored(2, next, c_line);
    _tile_stored(3, next + side, c_line);
  }
}

MATRIX static void accumulate(
  ptrdiff_t blocks, ptrdiff_t rows, const float *left, const float *right, ptrdiff_t count,
  float *c, ptrdiff_t wide) {
  (void)count;  // The rows of the right operand past it are 0.
  const ptrdiff_t left_size = rounded(rows, side) * side, right_size = wide * side;
  for (ptrdiff_t row = 0; row < rows; row += 2 * side)
    for (ptrdiff_t column = 0; column < wide; column += lanes) {
      const float *x = left + row * side, *panel = right + column * side;
      float *sums = c + row * wide + column;
      if (row + side < rows)
        matrix_sums(true, blocks, x, left_size, panel, right_size, sums, wide);
      else
        matrix_sums(false, blocks, x, left_size, panel, right_size, sums, wide);
    }
}

#define MATRIX_PRODUCTS                                                \
  .multiply = multiply, .accumulate = accumulate, .most_blocks = 8,    \
  .begin = dept_begin_matrix_unit, .end = dept_end_matrix_unit

const attention_format dept_matrix_attention = {PAIR_OPERANDS(pair), MATRIX_PRODUCTS};
const attention_format dept_matrix_attention_of_halves = {PAIR_OPERANDS(half), MATRIX_PRODUCTS};

#endif
