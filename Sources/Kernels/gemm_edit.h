// What happens to the elements of a product's operands while they are copied.
#ifndef DEPT_GEMM_EDIT_H
#define DEPT_GEMM_EDIT_H

#include "avx512.h"
#include "gemm.h"
#include "masks.h"

/// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
INLINE512 __m512 rounded_bfloat16(__m512 x) {
  const __m512i bits = _mm512_castps_si512(x);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i up = _mm512_add_epi32(_mm512_add_epi32(bits, odd), _mm512_set1_epi32(0x7FFF));
  const __m512 y =
    _mm512_castsi512_ps(_mm512_and_si512(up, _mm512_set1_epi32((int)0xFFFF0000)));
  return _mm512_mask_mov_ps(y, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), x);
}

/// What happens to the elements of A while they are copied.
typedef struct {
  dept_operand_edit edit;
  float scale;
  uint32_t threshold;
  uint64_t key;
  const uint16_t *bits;
  const float *a;
  ptrdiff_t rows, width;  // of A; of a transposed one, its columns and their length
  bool transposed, rounding;
  int b_exponent;  // of the product
} prologue;

static inline prologue prologue_of(const dept_product *p) {
  return (prologue){
    p->edit, 1.0f / (1.0f - p->edit_dropout), mask_threshold(p->edit_dropout), p->edit_key,
    p->edit_bits, p->a, p->m, p->k, p->transpose_a, p->rounding, p->b_exponent};
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

INLINE512 __m512 widened(__m256i halves) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

#endif
