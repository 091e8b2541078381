// Stateless dropout masks: whether an element is kept is a function of a key and the element's
// place, so that a mask is made again in backward and never stored.
//
// 32 neighbours share 16 hashes: element e of a group takes the low half of hash e where e < 16,
// the high half of hash e − 16 elsewhere. A row's places start at a multiple of 32.
#ifndef DEPT_MASKS_H
#define DEPT_MASKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "vectorized.h"

/// The place of a row's first element.
INLINE uint64_t mask_row(ptrdiff_t row, ptrdiff_t width) {
  return (uint64_t)row * (uint64_t)((width + 31) & ~(ptrdiff_t)31);
}

/// A well-mixed hash of a word's number under a key.
INLINE uint32_t mask_word(uint64_t key, uint64_t word) {
  uint32_t x = (uint32_t)word * 0x9E3779B1u + (uint32_t)key;
  x ^= (uint32_t)(word >> 32) * 0x85EBCA6Bu;
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= x >> 15;
  x += (uint32_t)(key >> 32);
  x *= 0x846CA68Bu;
  x ^= x >> 16;
  return x;
}

/// The key whose word 0 is the word of `place`, a multiple of 32, under `key`: words below 2³² are
/// multiplied and added to the key, so that what is added may as well be part of it.
INLINE uint64_t mask_key_after(uint64_t key, uint64_t place) {
  const uint32_t low = (uint32_t)key + (uint32_t)((place >> 5) * 16) * 0x9E3779B1u;
  return (key & ~(uint64_t)0xFFFFFFFFu) | low;
}

/// The smallest 16-bit number that is kept, for a dropout probability in [0, 1).
INLINE uint32_t mask_threshold(float probability) {
  return (uint32_t)(probability * 65536.0f + 0.5f);
}

/// Whether the element at `place` is kept.
INLINE int mask_keeps(uint64_t key, uint64_t place, uint32_t threshold) {
  const uint32_t word = mask_word(key, (place >> 5) * 16 + (place & 15));
  return ((place & 16) ? word >> 16 : word & 0xFFFF) >= threshold;
}

/// The nearest bfloat16, ties to even; NaN stays NaN.
INLINE float rounded_to_bfloat16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  // What makes a NaN of a number may lie in the half that is cut off.
  bits = x != x ? bits | 0x400000 : bits + 0x7FFF + ((bits >> 16) & 1);
  bits &= 0xFFFF0000u;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#if defined(__x86_64__)
#include "avx512.h"

/// Which of 32 neighbours are kept: the first 16 and the others.
typedef struct {
  __mmask16 low, high;
} keep32;

/// The mask of the 32 elements from `place` on, a multiple of 32.
INLINE512 keep32 mask32(uint64_t key, uint64_t place, uint32_t threshold) {
  const uint64_t word = (place >> 5) * 16;
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  // The 16 words share their high half: `word` is a multiple of 16.
  const __m512i step = _mm512_mullo_epi32(lanes, _mm512_set1_epi32((int)0x9E3779B1u));
  const uint32_t base = (uint32_t)word * 0x9E3779B1u + (uint32_t)key;
  const uint32_t high = (uint32_t)(word >> 32) * 0x85EBCA6Bu;
  __m512i x = _mm512_add_epi32(step, _mm512_set1_epi32((int)base));
  x = _mm512_xor_si512(x, _mm512_set1_epi32((int)high));
  x = _mm512_xor_si512(x, _mm512_srli_epi32(x, 16));
  x = _mm512_mullo_epi32(x, _mm512_set1_epi32(0x7FEB352D));
  x = _mm512_xor_si512(x, _mm512_srli_epi32(x, 15));
  x = _mm512_add_epi32(x, _mm512_set1_epi32((int)(key >> 32)));
  x = _mm512_mullo_epi32(x, _mm512_set1_epi32((int)0x846CA68Bu));
  x = _mm512_xor_si512(x, _mm512_srli_epi32(x, 16));
  // Either half of a word is compared where it lies highest.
  const __m512i least = _mm512_set1_epi32((int)(threshold << 16));
  return (keep32){
    _mm512_cmpge_epu32_mask(_mm512_slli_epi32(x, 16), least), _mm512_cmpge_epu32_mask(x, least)};
}
#endif

#endif
