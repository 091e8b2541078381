// What happens to a product on its way into memory: partial sums, dropout, ReLU, a residual.
#ifndef DEPT_GEMM_FINISH_H
#define DEPT_GEMM_FINISH_H

#include "avx512.h"
#include "gemm.h"
#include "masks.h"
#include "rounding.h"

/// One tile on its way into memory.
typedef struct {
  const dept_product *p;
  uint32_t threshold;
  float scale;
  ptrdiff_t row, column;
  bool first, last;  // of the blocks along k
} destination;

INLINE512 void finish_row(const destination *d, int r, __m512 x, __m512 y) {
  const dept_product *p = d->p;
  const __mmask16 low = lanes_below(p->n - d->column), high = lanes_below(p->n - d->column - 16);
  const ptrdiff_t row = d->row + r, at = row * p->n + d->column;
  if (!d->first || p->epilogue == DEPT_ACCUMULATE) {
    x = _mm512_add_ps(x, _mm512_maskz_loadu_ps(low, p->c + at));
    y = _mm512_add_ps(y, _mm512_maskz_loadu_ps(high, p->c + at + 16));
  }
  if (d->last && p->epilogue >= DEPT_RESIDUAL) {
    keep32 keep = {0xFFFF, 0xFFFF};
    if (p->dropout > 0) {
      keep = mask32(p->key, mask_row(row, p->n) + (uint64_t)d->column, d->threshold);
      const __m512 scale = _mm512_set1_ps(d->scale);
      x = _mm512_mul_ps(x, scale);
      y = _mm512_mul_ps(y, scale);
    }
    if (p->epilogue == DEPT_RELU) {
      const __m512 zero = _mm512_setzero_ps();
      const __mmask16 a = _mm512_cmp_ps_mask(x, zero, _CMP_GT_OQ);
      const __mmask16 b = _mm512_cmp_ps_mask(y, zero, _CMP_GT_OQ);
      // NaN is passed on: it has to reach the loss.
      const __mmask16 nan_a = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
      const __mmask16 nan_b = _mm512_cmp_ps_mask(y, y, _CMP_UNORD_Q);
      keep.low &= a | nan_a;
      keep.high &= b | nan_b;
      if (p->bits) {
        uint16_t *bits = p->bits + row * bit_words(p->n) + d->column / 16;
        bits[0] = (uint16_t)keep.low;
        if (high) bits[1] = (uint16_t)keep.high;
      }
    }
    x = _mm512_maskz_mov_ps(keep.low, x);
    y = _mm512_maskz_mov_ps(keep.high, y);
    if (p->epilogue == DEPT_RESIDUAL) {
      x = _mm512_add_ps(x, _mm512_maskz_loadu_ps(low, p->residual + at));
      y = _mm512_add_ps(y, _mm512_maskz_loadu_ps(high, p->residual + at + 16));
    }
  }
  if (p->c_halves) {
    _mm256_mask_storeu_epi16(p->c_halves + at, low, rounded_halves(x));
    _mm256_mask_storeu_epi16(p->c_halves + at + 16, high, rounded_halves(y));
    return;
  }
  _mm512_mask_storeu_ps(p->c + at, low, x);
  _mm512_mask_storeu_ps(p->c + at + 16, high, y);
}

/// The destination of a product that is not cut along k.
static inline destination destination_of(const dept_product *p) {
  return (destination){
    p, mask_threshold(p->dropout), 1.0f / (1.0f - p->dropout), 0, 0, true, true};
}

#endif
