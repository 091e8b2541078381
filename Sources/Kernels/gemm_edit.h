// What happens to the elements of a product's operands while they are copied.
#ifndef DEPT_GEMM_EDIT_H
#define DEPT_GEMM_EDIT_H

#include "avx512.h"
#include "gemm.h"
#include "masks.h"
#include "rounding.h"

/// What happens to the elements of A while they are copied.
typedef struct {
  dept_operand_edit edit;
  float scale;
  uint32_t threshold;
  uint64_t key;
  const uint16_t *bits;
  const float *a;
  const uint16_t *a_halves;  // instead of `a`
  ptrdiff_t rows, width;  // of A; of a transposed one, its columns and their length
  bool transposed, rounding;
  int b_exponent;  // of the product
} prologue;

static inline prologue prologue_of(const dept_product *p) {
  return (prologue){
    p->edit, 1.0f / (1.0f - p->edit_dropout), mask_threshold(p->edit_dropout), p->edit_key,
    p->edit_bits, p->a, p->a_halves, p->m, p->k, p->transpose_a, p->rounding, p->b_exponent};
}

/// 16 elements of A, before what happens to them.
INLINE512 __m512 unedited(const prologue *p, ptrdiff_t at, __mmask16 inside) {
  return p->a_halves ? widened(_mm256_maskz_loadu_epi16(inside, p->a_halves + at))
                     : _mm512_maskz_loadu_ps(inside, p->a + at);
}

/// The 16 elements of a row from `column` on. `keep` holds the mask of the next 16 from one call to
/// the next.
INLINE512 __m512 edited(
  const prologue *p, __m512 x, ptrdiff_t row, ptrdiff_t column, __mmask16 *keep) {
  if (p->edit == DEPT_EDIT_DROPOUT) {
    __mmask16 here = *keep;
    if (column % 32 == 0) {
      const keep32 both =
        mask32(p->key, mask_row(row, p->width) + (uint64_t)column, p->threshold);
      here = both.low;
      *keep = both.high;
    }
    x = _mm512_maskz_mul_ps(here, x, _mm512_set1_ps(p->scale));
  } else if (p->edit == DEPT_EDIT_BITS) {
    const uint16_t bits = p->bits[row * bit_words(p->width) + column / 16];
    x = _mm512_maskz_mul_ps((__mmask16)bits, x, _mm512_set1_ps(p->scale));
  }
  return p->rounding ? rounded_bfloat16(x) : x;
}

#endif
