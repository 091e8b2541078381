// Scores of 32 queries, `[key][32]`, on their way to probabilities, and the gradients' way back.
//
// Exponentials have the base 2: scores and biases are multiplied by log2(e), which costs nothing
// where a bias is added. What probabilities are divided by, their sum and what dropout keeps, is
// left to whoever copies the result: 32 numbers instead of 32 for each key.
#ifndef DEPT_ATTENTION_SCORES_H
#define DEPT_ATTENTION_SCORES_H

#include <math.h>

#include "attention_formats.h"

#if defined(__x86_64__)

static const float log2_of_e = 1.44269504f, ln_of_2 = 0.693147181f;

/// 32 queries of a head.
typedef struct {
  const dept_attention_shape *s;
  const attention_item *item;
  /// `log2(e)` times the bias by descending distance, so that neighbouring queries read neighbours:
  /// `bias[query − key + keys − 1]`; null for none.
  const float *bias;
  float factor;     // of scores: `log2(e)` times the attention's own
  ptrdiff_t block;  // the first query's number
  int halves;       // vectors of 16 lanes that hold queries: 1 or 2
} score_block;

static inline size_t bias_floats(const dept_attention_shape *s, const attention_item *item) {
  return s->bias ? (size_t)(item->position + item->queries + lanes + item->keys) : 0;
}

static inline void reverse_bias(
  const dept_attention_shape *s, const attention_item *item, float *out) {
  const float *bias = s->bias + item->head * s->distances;
  const ptrdiff_t last = s->zero + item->keys - 1;
  const ptrdiff_t count = (ptrdiff_t)bias_floats(s, item);
  for (ptrdiff_t x = 0; x < count; x++) {
    const ptrdiff_t at = last - x;
    out[x] = at >= 0 && at < s->distances ? log2_of_e * bias[at] : 0;
  }
}

/// Of `bias`, or of sums in its order.
INLINE512 ptrdiff_t bias_place(const score_block *b, ptrdiff_t key) {
  return b->item->position + b->block - key + b->item->keys - 1;
}

/// The lanes of a half that see a key.
INLINE512 __mmask16 seeing(const score_block *b, ptrdiff_t key, int half) {
  if (!b->s->causal) return 0xFFFF;
  const ptrdiff_t hidden = key - b->item->position - b->block;
  const uint32_t both = hidden <= 0 ? ~0u : hidden >= lanes ? 0 : ~0u << hidden;
  return (__mmask16)(both >> (16 * half));
}

/// The keys that any query of the block sees.
static inline ptrdiff_t visible_keys(const score_block *b) {
  if (!b->s->causal) return b->item->keys;
  const ptrdiff_t count = b->item->position + b->block + lanes;
  return count < b->item->keys ? count : b->item->keys;
}

/// A score with its bias, by the base 2.
INLINE512 __m512 biased_score(const score_block *b, const float *score, ptrdiff_t key, int half) {
  const __m512 bias = b->bias ? _mm512_loadu_ps(b->bias + bias_place(b, key) + 16 * half)
                              : _mm512_setzero_ps();
  return _mm512_fmadd_ps(_mm512_loadu_ps(score), _mm512_set1_ps(b->factor), bias);
}

/// What dropout multiplies what it keeps by.
static inline float kept_scale(const dept_attention_shape *s) { return 1.0f / (1.0f - s->dropout); }

INLINE512 keep32 kept(const score_block *b, uint64_t place, ptrdiff_t key, uint32_t threshold) {
  return threshold ? mask32(b->s->key, place + (uint64_t)(key * lanes), threshold)
                   : (keep32){0xFFFF, 0xFFFF};
}

INLINE512 void exponentials_of(
  const score_block *b, const int halves, ptrdiff_t keys, float *p, __m512 shift[2],
  __m512 sum[2]) {
  const uint32_t threshold = mask_threshold(b->s->dropout);
  const uint64_t place = attention_mask_row(b->s, b->item, b->block);
  UNROLLED
  for (int half = 0; half < halves; half++) {
    shift[half] = _mm512_set1_ps(-INFINITY);
    sum[half] = _mm512_setzero_ps();
  }
  for (ptrdiff_t j = 0; j < keys; j++) UNROLLED
    for (int half = 0; half < halves; half++) {
      float *score = p + j * lanes + 16 * half;
      const __m512 x = biased_score(b, score, j, half);
      _mm512_storeu_ps(score, x);
      shift[half] = _mm512_mask_max_ps(shift[half], seeing(b, j, half), shift[half], x);
    }
  for (ptrdiff_t j = 0; j < keys; j++) {
    const keep32 keep = kept(b, place, j, threshold);
    UNROLLED
    for (int half = 0; half < halves; half++) {
      float *score = p + j * lanes + 16 * half;
      __m512 x = exp2_16(_mm512_sub_ps(_mm512_loadu_ps(score), shift[half]));
      x = _mm512_maskz_mov_ps(seeing(b, j, half), x);
      sum[half] = _mm512_add_ps(sum[half], x);
      _mm512_storeu_ps(score, _mm512_maskz_mov_ps(half ? keep.high : keep.low, x));
    }
  }
}

/// Scores become unnormalised probabilities, `2^(score − shift)` where the shift is the largest
/// score, and 0 where a query does not see the key or dropout takes it; the sums are of all.
AVX512 static void exponentials(
  const score_block *b, ptrdiff_t keys, float *p, __m512 shift[2], __m512 sum[2]) {
  shift[1] = _mm512_setzero_ps();
  sum[1] = _mm512_set1_ps(1);
  if (b->halves > 1)
    exponentials_of(b, 2, keys, p, shift, sum);
  else
    exponentials_of(b, 1, keys, p, shift, sum);
}

// MARK: Backward

INLINE512 void score_gradients_of(
  const score_block *b, const int halves, ptrdiff_t keys, float *p, float *ds,
  const __m512 shift[2], keep32 *masks) {
  const uint32_t threshold = mask_threshold(b->s->dropout);
  const uint64_t place = attention_mask_row(b->s, b->item, b->block);
  __m512 dot[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
  for (ptrdiff_t j = 0; j < keys; j++) {
    const keep32 keep = kept(b, place, j, threshold);
    masks[j] = keep;
    UNROLLED
    for (int half = 0; half < halves; half++) {
      float *probability = p + j * lanes + 16 * half;
      __m512 x = exp2_16(_mm512_sub_ps(biased_score(b, probability, j, half), shift[half]));
      x = _mm512_maskz_mov_ps(seeing(b, j, half), x);
      _mm512_storeu_ps(probability, x);
      const __m512 gradient = _mm512_loadu_ps(ds + j * lanes + 16 * half);
      dot[half] = _mm512_mask3_fmadd_ps(x, gradient, dot[half], half ? keep.high : keep.low);
    }
  }
  for (ptrdiff_t j = 0; j < keys; j++) UNROLLED
    for (int half = 0; half < halves; half++) {
      const __mmask16 keep = half ? masks[j].high : masks[j].low;
      float *probability = p + j * lanes + 16 * half, *gradient = ds + j * lanes + 16 * half;
      const __m512 x = _mm512_loadu_ps(probability), g = _mm512_maskz_loadu_ps(keep, gradient);
      _mm512_storeu_ps(gradient, _mm512_mul_ps(x, _mm512_sub_ps(g, dot[half])));
      _mm512_storeu_ps(probability, _mm512_maskz_mov_ps(keep, x));
    }
}

/// Scores in `p` become probabilities, and 0 where dropout takes them; `ds`, which holds the
/// gradients `dp` of what dropout leaves, becomes `p · (dp − D)` where `D = Σ p · dp` over the keys
/// that are kept. Both still have to be multiplied by `kept_scale`.
AVX512 static void score_gradients(
  const score_block *b, ptrdiff_t keys, float *p, float *ds, const __m512 shift[2],
  keep32 *masks) {
  if (b->halves > 1)
    score_gradients_of(b, 2, keys, p, ds, shift, masks);
  else
    score_gradients_of(b, 1, keys, p, ds, shift, masks);
}

/// `sums[distance] += ds` over a block.
AVX512 static void add_bias_gradients(
  const score_block *b, ptrdiff_t keys, const float *ds, float *sums) {
  for (ptrdiff_t j = 0; j < keys; j++)
    for (int half = 0; half < b->halves; half++) {
      float *sum = sums + bias_place(b, j) + 16 * half;
      _mm512_storeu_ps(
        sum, _mm512_add_ps(
               _mm512_loadu_ps(sum), _mm512_loadu_ps(ds + j * lanes + 16 * half)));
    }
}

#endif
#endif
