// Operands of a tiled product as pairs of bfloat16 numbers: the two neighbours along k share a
// 32-bit word, the first in its lower half. An odd k is padded with 0.
#ifndef DEPT_GEMM_PACK_PAIRS_H
#define DEPT_GEMM_PACK_PAIRS_H

#include "gemm_pack.h"
#include "pairs.h"

/// 32 elements of a row of A from `column` on, of which `left` are there. `keep` holds dropout's
/// mask of the second half.
INLINEPAIRS void edited_vectors(
  const prologue *p, ptrdiff_t row, ptrdiff_t column, ptrdiff_t left, __mmask16 *keep,
  __m512 out[2]) {
  const __mmask16 low = lanes_below(left), high = lanes_below(left - 16);
  const ptrdiff_t at = row * p->width + column;
  out[0] = edited(p, unedited(p, at, low), row, column, keep);
  // No word of bits past the end of a row.
  out[1] = high ? edited(p, unedited(p, at + 16, high), row, column + 16, keep)
                : _mm512_setzero_ps();
}

/// The same as bfloat16 numbers.
INLINEPAIRS __m512i edited_halves(
  const prologue *p, ptrdiff_t row, ptrdiff_t column, ptrdiff_t left, __mmask16 *keep) {
  const __mmask16 low = lanes_below(left), high = lanes_below(left - 16);
  const ptrdiff_t at = row * p->width + column;
  if (p->a_halves && p->edit == DEPT_EDIT_NONE)
    return _mm512_maskz_loadu_epi16((__mmask32)low | (__mmask32)high << 16, p->a_halves + at);
  __m512 x[2];
  edited_vectors(p, row, column, left, keep, x);
  return halves_of(x[0], x[1]);
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
