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

/// 32 elements from number `at` of rows on, of which `left` are there, as pairs.
INLINEPAIRS __m512 pairs_at(const bool halves, const void *x, ptrdiff_t at, ptrdiff_t left) {
  const __mmask16 low = lanes_below(left), high = lanes_below(left - 16);
  if (halves)
    return _mm512_castsi512_ps(_mm512_maskz_loadu_epi16(
      (__mmask32)low | (__mmask32)high << 16, (const uint16_t *)x + at));
  const float *rows = (const float *)x + at;
  return _mm512_castsi512_ps(
    halves_of(_mm512_maskz_loadu_ps(low, rows), _mm512_maskz_loadu_ps(high, rows + 16)));
}

/// 16 elements of rows of bfloat16 numbers.
INLINEPAIRS __m256i halves_at(const void *x, ptrdiff_t at, __mmask16 inside) {
  return _mm256_maskz_loadu_epi16(inside, (const uint16_t *)x + at);
}

/// Pairs of two rows' 16 elements, of those at the same place; a row that is not there is 0.
INLINEPAIRS __m512 pairs_of_rows(
  const bool halves, const void *x, ptrdiff_t at, ptrdiff_t step, ptrdiff_t left,
  __mmask16 inside) {
  const __mmask16 first = left > 0 ? inside : 0, second = left > 1 ? inside : 0;
  if (halves)
    return zipped_halves(_mm512_inserti64x4(
      _mm512_castsi256_si512(halves_at(x, at, first)), halves_at(x, at + step, second), 1));
  const float *rows = (const float *)x + at;
  return zipped_halves(halves_of(
    _mm512_maskz_loadu_ps(first, rows), _mm512_maskz_loadu_ps(second, rows + step)));
}

INLINEPAIRS void left_of_rows(
  const bool halves, const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {
  const ptrdiff_t words = words_of(depth);
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t k = 0; k < depth; k += 32)
      _mm512_storeu_ps(
        out + row * words + k / 2, pairs_at(halves, x, row * step + k, depth - k));
}

INLINEPAIRS void left_of_columns(
  const bool halves, const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {
  const ptrdiff_t words = words_of(depth);
  for (ptrdiff_t row = 0; row < rows; row += 16) {
    const __mmask16 inside = lanes_below(rows - row);
    for (ptrdiff_t k = 0; k < depth; k += 32) {
      __m512 pairs[16], lines[16];
      for (ptrdiff_t i = 0; i < 16; i++)
        pairs[i] = pairs_of_rows(
          halves, x, (k + 2 * i) * step + row, step, depth - k - 2 * i, inside);
      transpose16(pairs, lines);
      for (int r = 0; r < 16; r++)
        _mm512_storeu_ps(out + (row + r) * words + k / 2, lines[r]);
    }
  }
}

INLINEPAIRS void right_of_columns(
  const bool halves, const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t depth,
  float *out) {
  for (ptrdiff_t k = 0; k < depth; k += 32)
    for (ptrdiff_t lane = 0; lane < lanes; lane += 16) {
      __m512 rows[16], words[16];
      for (ptrdiff_t i = 0; i < 16; i++)
        rows[i] = lane + i < count ? pairs_at(halves, x, (lane + i) * step + k, depth - k)
                                   : _mm512_setzero_ps();
      transpose16(rows, words);
      for (ptrdiff_t i = 0; i < 16; i++)
        _mm512_storeu_ps(out + (k / 2 + i) * lanes + lane, words[i]);
    }
}

INLINEPAIRS void right_of_rows(
  const bool halves, const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t width,
  float *out) {
  for (ptrdiff_t column = 0; column < width; column += 16) {
    const __mmask16 inside = lanes_below(width - column);
    float *panel = out + column / lanes * (lanes * lanes / 2) + column % lanes;
    for (ptrdiff_t row = 0; row < lanes; row += 2)
      _mm512_storeu_ps(
        panel + row / 2 * lanes,
        pairs_of_rows(halves, x, row * step + column, step, count - row, inside));
  }
}

/// The copies of rows of one element type, as a format wants them.
#define PAIR_COPIES(name, halves)                                                          \
  PAIRS static void name##_left_of_rows(                                                   \
    const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {          \
    left_of_rows(halves, x, step, rows, depth, out);                                       \
  }                                                                                        \
  PAIRS static void name##_left_of_columns(                                                \
    const void *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t depth, float *out) {          \
    left_of_columns(halves, x, step, rows, depth, out);                                    \
  }                                                                                        \
  PAIRS static void name##_right_of_columns(                                               \
    const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t depth, float *out) {         \
    right_of_columns(halves, x, step, count, depth, out);                                  \
  }                                                                                        \
  PAIRS static void name##_right_of_rows(                                                  \
    const void *x, ptrdiff_t step, ptrdiff_t count, ptrdiff_t width, float *out) {         \
    right_of_rows(halves, x, step, count, width, out);                                     \
  }

PAIR_COPIES(pair, false)
PAIR_COPIES(half, true)

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
      _mm512_storeu_ps(
        out + key / 2 * lanes + half,
        pairs_of_rows(false, at, 0, lanes, keys - key, 0xFFFF));
    }
  return out;
}

/// A format of pairs, but for its products: of rows of float32 numbers (`pair`) or of bfloat16 ones
/// (`half`).
#define PAIR_OPERANDS(rows)                                                                  \
  .left_step = pair_left_step, .left_size = pair_left_size, .right_size = pair_right_size,   \
  .left_of_rows = rows##_left_of_rows, .left_of_columns = rows##_left_of_columns,            \
  .right_of_columns = rows##_right_of_columns, .right_of_rows = rows##_right_of_rows,        \
  .left_of_scores = pair_left_of_scores, .right_of_scores = pair_right_of_scores

#endif
