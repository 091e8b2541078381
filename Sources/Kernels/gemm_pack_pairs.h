// Operands of a tiled product as pairs of bfloat16 numbers: the two neighbours along k share a
// 32-bit word, the first in its lower half. An odd k is padded with 0.
#ifndef DEPT_GEMM_PACK_PAIRS_H
#define DEPT_GEMM_PACK_PAIRS_H

#include "gemm_pack.h"

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

PAIRS static void pack_pair_rows(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  prologue exact = *p;
  exact.rounding = false;  // The conversion to pairs rounds.
  uint32_t keep[16];
  for (ptrdiff_t k = 0; k < count; k += 32) {
    const __mmask16 low = lanes_below(count - k), high = lanes_below(count - k - 16);
    __m512 in[16], pairs[16];
    for (int r = 0; r < 16; r++) {
      in[r] = _mm512_setzero_ps();
      if (r >= rows) continue;
      const float *a = p->a + (row + r) * p->width + k0 + k;
      const __m512 x =
        edited(&exact, _mm512_maskz_loadu_ps(low, a), row + r, k0 + k, keep + r);
      // The second half of what dropout drew, and no word of bits past the end of a row.
      const __m512 y = high ? edited(
        &exact, _mm512_maskz_loadu_ps(high, a + 16), row + r, k0 + k + 16, keep + r)
                            : _mm512_setzero_ps();
      in[r] = _mm512_castsi512_ps(halves_of(x, y));
    }
    transpose16(in, pairs);
    // Each store's last two lanes are overwritten by the next one's first.
    const ptrdiff_t valid = count - k < 32 ? (count - k + 1) / 2 : 16;
    for (ptrdiff_t c = 0; c < valid; c++)
      _mm512_storeu_ps(out + (k / 2 + c) * tile_rows, pairs[c]);
  }
}

PAIRS static void pack_pair_group(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t count, float *out) {
  if (!p->transposed) return pack_pair_rows(p, row, rows, k0, count, out);
  const __mmask16 inside = lanes_below(rows);
  for (ptrdiff_t k = 0; k < count; k += 2, out += tile_rows) {
    const float *a = p->a + (k0 + k) * p->rows + row;
    const __m512 x = _mm512_maskz_loadu_ps(inside, a);
    const __m512 y =
      k + 1 < count ? _mm512_maskz_loadu_ps(inside, a + p->rows) : _mm512_setzero_ps();
    _mm512_storeu_ps(out, zipped_halves(halves_of(x, y)));
  }
}

/// 32 elements of a row of B, as bfloat16 numbers.
INLINEPAIRS __m512i halves_at(
  const dept_product *p, ptrdiff_t at, __mmask16 low, __mmask16 high) {
  if (p->b_element == DEPT_BFLOAT16)
    return _mm512_maskz_loadu_epi16(
      (__mmask32)low | (__mmask32)high << 16, (const uint16_t *)p->b + at);
  const float *b = (const float *)p->b + at;
  return halves_of(_mm512_maskz_loadu_ps(low, b), _mm512_maskz_loadu_ps(high, b + 16));
}

/// Row-major B (`[k, n]`).
PAIRS static void pack_pair_columns(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t count, float *out) {
  const __mmask16 low = lanes_below(p->n - column), high = lanes_below(p->n - column - 16);
  for (ptrdiff_t k = 0; k < count; k += 2, out += tile_columns) {
    const ptrdiff_t at = (k0 + k) * p->n + column;
    const __m512i x = halves_at(p, at, low, high);
    const __m512i y =
      k + 1 < count ? halves_at(p, at + p->n, low, high) : _mm512_setzero_si512();
    _mm512_store_ps(out, zipped_halves(_mm512_inserti64x4(x, _mm512_castsi512_si256(y), 1)));
    _mm512_store_ps(out + 16, zipped_halves(_mm512_shuffle_i64x2(x, y, 0xEE)));
  }
}

/// An element of transposed B; 0 past its edges.
static inline uint32_t half_at(const dept_product *p, ptrdiff_t column, ptrdiff_t k) {
  if (column >= p->n || k >= p->k) return 0;
  const ptrdiff_t at = column * p->k + k;
  if (p->b_element == DEPT_BFLOAT16) return ((const uint16_t *)p->b)[at];
  const float x = rounded_to_bfloat16(((const float *)p->b)[at]);
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits >> 16;
}

/// 16 rows of transposed B (`[n, k]`), one pair at a time: the edges.
static void pack_pair_edge(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t count, float *out) {
  for (ptrdiff_t k = 0; k < count; k += 2, out += tile_columns)
    for (int c = 0; c < 16; c++) {
      const uint32_t pair =
        half_at(p, column + c, k0 + k) | half_at(p, column + c, k0 + k + 1) << 16;
      memcpy(out + c, &pair, sizeof pair);
    }
}

PAIRS static void pack_pair_panel(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t count, float *out) {
  if (!p->transpose_b) return pack_pair_columns(p, column, k0, count, out);
  const bool halves = p->b_element == DEPT_BFLOAT16;
  const ptrdiff_t size = halves ? 2 : 4, unit = halves ? 8 : 4;  // elements in 16 bytes
  for (int half = 0; half < 2; half++, column += 16, out += 16) {
    ptrdiff_t k = 0;
    const char *source = (const char *)p->b + (column * p->k + k0) * size;
    for (; column + 16 <= p->n && k + unit <= count; k += unit) {
      __m512 columns[4];
      load_columns(source + k * size, p->k * size, columns);
      float *o = out + k / 2 * tile_columns;
      if (halves) {  // They are pairs as they lie in memory.
        UNROLLED
        for (int i = 0; i < 4; i++) _mm512_store_ps(o + i * tile_columns, columns[i]);
      } else {
        _mm512_store_ps(o, zipped_halves(halves_of(columns[0], columns[1])));
        _mm512_store_ps(o + tile_columns, zipped_halves(halves_of(columns[2], columns[3])));
      }
    }
    if (k < count) pack_pair_edge(p, column, k0 + k, count - k, out + k / 2 * tile_columns);
  }
}

#endif
