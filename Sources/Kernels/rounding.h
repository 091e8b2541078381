// bfloat16 numbers of vectors, without the instructions for them.
#ifndef DEPT_ROUNDING_H
#define DEPT_ROUNDING_H

#include "avx512.h"

#if defined(__x86_64__)

/// As float32 numbers.
INLINE512 __m512 widened(__m256i halves) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

/// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
INLINE512 __m512 rounded_bfloat16(__m512 x) {
  const __m512i bits = _mm512_castps_si512(x);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i up = _mm512_add_epi32(_mm512_add_epi32(bits, odd), _mm512_set1_epi32(0x7FFF));
  const __m512 y =
    _mm512_castsi512_ps(_mm512_and_si512(up, _mm512_set1_epi32((int)0xFFFF0000)));
  return _mm512_mask_mov_ps(y, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), x);
}

/// The nearest bfloat16 numbers, ties to even; NaN stays NaN.
INLINE512 __m256i rounded_halves(__m512 x) {
  // What makes a NaN of a number may lie in the half that is cut off.
  const __m512i quiet = _mm512_or_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x400000));
  const __m512i y = _mm512_mask_mov_epi32(
    _mm512_castps_si512(rounded_bfloat16(x)), _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), quiet);
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(y, 16));
}

#endif
#endif
