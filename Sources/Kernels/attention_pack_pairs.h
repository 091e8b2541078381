// Operands of attention's products as pairs of bfloat16 numbers that are neighbours along the
// depth. Left ones are `[row][depth / 2]` words, right ones `[depth / 2][32]`; the depth is padded
// with 0 to a multiple of 32.
#ifndef DEPT_ATTENTION_PACK_PAIRS_H
#define DEPT_ATTENTION_PACK_PAIRS_H

#include "attention_formats.h"
#include "pairs.h"

/// Words of a depth.
static inline ptrdiff_t words_of(ptrdiff_t depth) { return rounded(depth, 32) / 2; }

static ptrdiff_t pair_left_step(ptrdiff_t rows, ptrdiff_t depth) {
  (void)rows;
  return words_of(depth);
}

static ptrdiff_t pair_left_size(ptrdiff_t rows, ptrdiff_t depth) {
  return rounded(rows, 16) * words_of(depth);
}

static ptrdiff_t pair_right_size(ptrdiff_t depth) { return words_of(depth) * lanes; }

/// 32 elements from `x` on, of which `left` are there, as pairs.
INLINEPAIRS __m512 pairs_at(const float *x, ptrdiff_t left, __m512 scale) {
  const __m512 low = _mm512_maskz_loadu_ps(lanes_below(left), x);
  const __m512 high = _mm512_maskz_loadu_ps(lanes_below(left - 16), x + 16);
  return _mm512_castsi512_ps(
    halves_of(_mm512_mul_ps(low, scale), _mm512_mul_ps(high, scale)));
}

/// Pairs of two rows' 16 elements: of those at the same place.
INLINEPAIRS __m512 pairs_of(__m512 first, __m512 second) {
  return zipped_halves(halves_of(first, second));
}

PAIRS static void pair_left_of_rows(
  const float *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {
  const __m512 one = _mm512_set1_ps(1);
  const ptrdiff_t words = words_of(depth);
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t k = 0; k < depth; k += 32)
      _mm512_storeu_ps(out + row * words + k / 2, pairs_at(x + row * step + k, depth - k, one));
}

PAIRS static void pair_left_of_columns(
  const float *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {
  const ptrdiff_t words = words_of(depth);
  for (ptrdiff_t row = 0; row < rows; row += 16) {
    const __mmask16 inside = lanes_below(rows - row);
    for (ptrdiff_t k = 0; k < depth; k += 32) {
      __m512 pairs[16], lines[16];
      for (ptrdiff_t i = 0; i < 16; i++) {
        const float *at = x + (k + 2 * i) * step + row;
        __m512 first = _mm512_setzero_ps(), second = _mm512_setzero_ps();
        if (k + 2 * i < depth) first = _mm512_maskz_loadu_ps(inside, at);
        if (k + 2 * i + 1 < depth) second = _mm512_maskz_loadu_ps(inside, at + step);
        pairs[i] = pairs_of(first, second);
      }
      transpose16(pairs, lines);
      for (int r = 0; r < 16; r++)
        _mm512_storeu_ps(out + (row + r) * words + k / 2, lines[r]);
    }
  }
}

PAIRS static void pair_right_of_columns(
  const float *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t depth, float factor, float *out) {
  const __m512 scale = _mm512_set1_ps(factor);
  for (ptrdiff_t k = 0; k < depth; k += 32)
    for (ptrdiff_t lane = 0; lane < lanes; lane += 16) {
      __m512 rows[16], words[16];
      for (ptrdiff_t i = 0; i < 16; i++)
        rows[i] = lane + i < count ? pairs_at(x + (lane + i) * step + k, depth - k, scale)
                                   : _mm512_setzero_ps();
      transpose16(rows, words);
      for (ptrdiff_t i = 0; i < 16; i++)
        _mm512_storeu_ps(out + (k / 2 + i) * lanes + lane, words[i]);
    }
}

PAIRS static void pair_right_of_rows(
  const float *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t width, float factor, float *out) {
  const __m512 scale = _mm512_set1_ps(factor);
  for (ptrdiff_t column = 0; column < width; column += 16) {
    const __mmask16 inside = lanes_below(width - column);
    float *panel = out + column / lanes * (lanes * lanes / 2) + column % lanes;
    for (ptrdiff_t row = 0; row < lanes; row += 2) {
      const float *at = x + row * step + column;
      __m512 first = _mm512_setzero_ps(), second = _mm512_setzero_ps();
      if (row < count) first = _mm512_maskz_loadu_ps(inside, at);
      if (row + 1 < count) second = _mm512_maskz_loadu_ps(inside, at + step);
      _mm512_storeu_ps(
        panel + row / 2 * lanes,
        pairs_of(_mm512_mul_ps(first, scale), _mm512_mul_ps(second, scale)));
    }
  }
}

PAIRS static const float *pair_left_of_scores(
  const float *scores, ptrdiff_t keys, float *out) {
  for (ptrdiff_t key = 0; key < keys; key++) {
    const float *row = scores + key * lanes;
    _mm512_storeu_ps(
      out + key * lanes / 2,
      _mm512_castsi512_ps(halves_of(_mm512_loadu_ps(row), _mm512_loadu_ps(row + 16))));
  }
  // Whole tiles are added, past the keys that a block sees too.
  const ptrdiff_t past = rounded(keys, 16) - keys;
  memset(out + keys * lanes / 2, 0, (size_t)(past * lanes / 2) * sizeof(float));
  return out;
}

PAIRS static const float *pair_right_of_scores(
  const float *scores, ptrdiff_t keys, float *out) {
  const ptrdiff_t whole = rounded(keys, 32);
  for (ptrdiff_t key = 0; key < whole; key += 2)
    for (ptrdiff_t half = 0; half < lanes; half += 16) {
      const float *at = scores + key * lanes + half;
      __m512 first = _mm512_setzero_ps(), second = _mm512_setzero_ps();
      if (key < keys) first = _mm512_loadu_ps(at);
      if (key + 1 < keys) second = _mm512_loadu_ps(at + lanes);
      _mm512_storeu_ps(out + key / 2 * lanes + half, pairs_of(first, second));
    }
  return out;
}

/// A format of pairs, but for its products.
#define PAIR_OPERANDS                                                              \
  .left_step = pair_left_step, .left_size = pair_left_size,                        \
  .right_size = pair_right_size, .left_of_rows = pair_left_of_rows,                \
  .left_of_columns = pair_left_of_columns, .right_of_columns = pair_right_of_columns, \
  .right_of_rows = pair_right_of_rows, .left_of_scores = pair_left_of_scores,      \
  .right_of_scores = pair_right_of_scores

#endif
