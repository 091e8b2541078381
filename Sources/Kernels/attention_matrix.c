// Products of attention with bfloat16 operands, by the processor's matrix unit.
#include "attention_formats.h"

#if defined(__x86_64__)

#include "attention_pack_pairs.h"
#include "matrix_unit.h"

enum { right_line = lanes * sizeof(float) };

/// 32 rows, or 16, of a product with 32 lanes; `words` is a multiple of 16, and steps are in words.
MATRIX static inline __attribute__((always_inline)) void matrix_tile(
  const bool both, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t words,
  float *c, ptrdiff_t c_step, const bool adding) {
  const size_t line = (size_t)left_step * sizeof(float), c_line = (size_t)c_step * sizeof(float);
  float *next = c + side * c_step;
  if (adding) {
    _tile_loadd(0, c, c_line);
    _tile_loadd(1, c + side, c_line);
  } else {
    _tile_zero(0);
    _tile_zero(1);
  }
  if (both && adding) {
    _tile_loadd(2, next, c_line);
    _tile_loadd(3, next + side, c_line);
  } else if (both) {
    _tile_zero(2);
    _tile_zero(3);
  }
  for (ptrdiff_t k = 0; k < words; k += side, right += side * lanes) {
    _tile_loadd(6, right, right_line);
    _tile_loadd(4, left + k, line);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, right + side, right_line);
    _tile_dpbf16ps(1, 4, 7);
    if (both) {
      _tile_loadd(5, left + side * left_step + k, line);
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

MATRIX static void multiply(
  ptrdiff_t rows, const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t depth,
  float *c, ptrdiff_t used) {
  (void)used;
  const ptrdiff_t words = words_of(depth);
  for (ptrdiff_t row = 0; row < rows; row += 2 * side) {
    const float *x = left + row * left_step;
    if (row + side < rows)
      matrix_tile(true, x, left_step, right, words, c + row * lanes, lanes, false);
    else
      matrix_tile(false, x, left_step, right, words, c + row * lanes, lanes, false);
  }
}

MATRIX static void accumulate(
  ptrdiff_t rows, const float *left, const float *right, ptrdiff_t count, float *c,
  ptrdiff_t wide) {
  (void)count;  // The rows of the right operand past it are 0.
  for (ptrdiff_t row = 0; row < rows; row += 2 * side)
    for (ptrdiff_t column = 0; column < wide; column += lanes) {
      const float *x = left + row * side, *panel = right + column * side;
      float *sums = c + row * wide + column;
      if (row + side < rows)
        matrix_tile(true, x, side, panel, side, sums, wide, true);
      else
        matrix_tile(false, x, side, panel, side, sums, wide, true);
    }
}

const attention_format dept_matrix_attention = {
  PAIR_OPERANDS, .multiply = multiply, .accumulate = accumulate, .begin = dept_begin_matrix_unit,
  .end = dept_end_matrix_unit};

#endif
