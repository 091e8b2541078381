// Pairs of bfloat16 numbers in 32-bit words, the first in the lower half, for the instructions that
// multiply them.
#ifndef DEPT_PAIRS_H
#define DEPT_PAIRS_H

#include "avx512.h"

#define PAIRS \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,bmi2")))
#define INLINEPAIRS PAIRS static inline __attribute__((always_inline))

/// 32 bfloat16 numbers: `first`, then `second`, rounded to the nearest; NaN stays NaN.
INLINEPAIRS __m512i halves_of(__m512 first, __m512 second) {
  return (__m512i)_mm512_cvtne2ps_pbh(second, first);
}

/// The pairs of the two halves of a vector: of its elements i and 16 + i.
INLINEPAIRS __m512 zipped_halves(__m512i x) {
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i order = _mm512_or_si512(
    lanes, _mm512_slli_epi32(_mm512_add_epi32(lanes, _mm512_set1_epi32(16)), 16));
  return _mm512_castsi512_ps(_mm512_permutexvar_epi16(order, x));
}

#endif
