// Products with bfloat16 weights on processors with AVX512-FP16, whose half-precision FMA is twice
// as fast as float32's. Operands are rounded to bfloat16 and scaled by powers of two, which half
// precision holds exactly but for what is 2^-14 below the largest of its row (A) or matrix (B); 64
// products at a time are added up in half precision, those sums in float32. What that loses lies
// below what rounding the operands has lost: `HalfPrecisionProductTests` compares the two.
#include "gemm.h"

#if defined(__x86_64__)

#include <math.h>

#include "gemm_tiles.h"

#define HALVES \
  __attribute__((target("avx512fp16,avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,bmi2")))
#define INLINE_HALVES HALVES static inline __attribute__((always_inline))

enum {
  chain = 64,  // products that are added up in half precision
  wide = 64,   // columns of a tile
  // A's rows are scaled to less than 2, B to less than 256: 64 products stay below 2^15.
  b_exponent = 7,
};

// MARK: Copies

/// A group of at most 14 rows as `[k][14]` words that hold a number twice. Returns through
/// `factors` what a row's sums are multiplied by.
HALVES static void pack_group(
  const prologue *pro, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t depth, uint32_t *out,
  float *factors) {
  const ptrdiff_t padded = (depth + 15) & ~(ptrdiff_t)15;
  float rows_buffer[tile_rows * (deepest_block + 16)];
  __m512 scales[tile_rows];
  for (int r = 0; r < rows; r++) {
    float *buffer = rows_buffer + r * padded;
    __m512 largest = _mm512_setzero_ps();
    __mmask16 nan = 0;
    __mmask16 keep = 0;
    for (ptrdiff_t k = 0; k < depth; k += 16) {
      const __m512 x = edited(
        pro,
        unedited(pro, (row + r) * pro->width + k0 + k, lanes_below(depth - k)), row + r, k0 + k,
        &keep);
      _mm512_storeu_ps(buffer + k, x);
      largest = _mm512_max_ps(largest, _mm512_abs_ps(x));
      nan |= _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    }
    const float most = nan ? NAN : _mm512_reduce_max_ps(largest);
    // A power of two that brings the largest into [1, 2). Infinity and NaN make the row NaN.
    const bool finite = most < INFINITY;
    int exponent = 0;
    if (finite && most > 0) frexpf(most, &exponent);
    if (exponent < -100) exponent = -100;
    scales[r] = _mm512_set1_ps(finite ? ldexpf(1, 1 - exponent) : 0);
    factors[r] = finite ? ldexpf(1, exponent - 1 + pro->b_exponent - b_exponent) : NAN;
  }
  for (ptrdiff_t k = 0; k < depth; k += 16) {
    __m512 in[16], columns[16];
    for (int r = 0; r < 16; r++) {
      in[r] = _mm512_setzero_ps();
      if (r >= rows) continue;
      const __m512 x = _mm512_mul_ps(_mm512_loadu_ps(rows_buffer + r * padded + k), scales[r]);
      const __m512i half = _mm512_cvtepu16_epi32(
        _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
      in[r] = _mm512_castsi512_ps(_mm512_or_si512(half, _mm512_slli_epi32(half, 16)));
    }
    transpose16(in, columns);
    const int valid = depth - k < 16 ? (int)(depth - k) : 16;
    for (int c = 0; c < valid; c++)
      _mm512_storeu_ps((float *)(out + (k + c) * tile_rows), columns[c]);
  }
}

/// bfloat16 numbers as half precision, scaled so that 2^`exponent` becomes 2^`b_exponent`. What is
/// too small becomes 0.
INLINE_HALVES __m512i halves_of(__m512i x, __m512i offset) {
  const __m512i sign = _mm512_and_si512(x, _mm512_set1_epi16((short)0x8000));
  const __m512i magnitude = _mm512_and_si512(x, _mm512_set1_epi16(0x7FFF));
  const __m512i moved = _mm512_subs_epu16(magnitude, offset);
  const __m512i kept = _mm512_min_epu16(moved, _mm512_set1_epi16(0x0FFF));
  // A magnitude below the smallest exponent has lost it: 0, not what is left of its fraction.
  const __mmask32 normal = _mm512_cmpge_epu16_mask(moved, _mm512_set1_epi16(0x0080));
  return _mm512_or_si512(sign, _mm512_maskz_slli_epi16(normal, kept, 3));
}

/// The offset of exponents, in bfloat16's place: 127 − 15 and the matrix's own.
HALVES static __m512i exponent_offset(const dept_product *p) {
  const int shift = 127 - 15 + p->b_exponent - b_exponent;
  return _mm512_set1_epi16((short)(shift > 0 ? shift << 7 : 0));
}

HALVES static void pack_columns(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t depth, uint16_t *out) {
  const __m512i offset = exponent_offset(p);
  const ptrdiff_t left = p->n - column;
  const __mmask32 low = left >= 32 ? ~0u : left <= 0 ? 0 : (1u << left) - 1;
  const __mmask32 high = left >= 64 ? ~0u : left <= 32 ? 0 : (1u << (left - 32)) - 1;
  const uint16_t *b = (const uint16_t *)p->b + k0 * p->n + column;
  for (ptrdiff_t k = 0; k < depth; k++, b += p->n, out += wide) {
    _mm512_store_si512(out, halves_of(_mm512_maskz_loadu_epi16(low, b), offset));
    _mm512_store_si512(out + 32, halves_of(_mm512_maskz_loadu_epi16(high, b + 32), offset));
  }
}

/// 16 rows of transposed B as words of two neighbours along k: `words[i]` is the i-th of four.
INLINE_HALVES void load_words(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k, __m512i words[4]) {
  const uint16_t *b = (const uint16_t *)p->b + column * p->k + k;
  const ptrdiff_t step = p->k;
  __m512 rows[4];
  UNROLLED
  for (int i = 0; i < 4; i++) {
    __m512 x = _mm512_setzero_ps();
    if (column + i < p->n)
      x = _mm512_castps128_ps512(_mm_loadu_ps((const float *)(b + i * step)));
    if (column + i + 4 < p->n)
      x = _mm512_insertf32x4(x, _mm_loadu_ps((const float *)(b + (i + 4) * step)), 1);
    if (column + i + 8 < p->n)
      x = _mm512_insertf32x4(x, _mm_loadu_ps((const float *)(b + (i + 8) * step)), 2);
    if (column + i + 12 < p->n)
      x = _mm512_insertf32x4(x, _mm_loadu_ps((const float *)(b + (i + 12) * step)), 3);
    rows[i] = x;
  }
  transpose_blocks(rows);
  UNROLLED
  for (int i = 0; i < 4; i++) words[i] = _mm512_castps_si512(rows[i]);
}

HALVES static void pack_transposed_columns(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t depth, uint16_t *out) {
  const __m512i offset = exponent_offset(p);
  uint16_t evens[32], odds[32];
  for (int i = 0; i < 32; i++) {
    evens[i] = (uint16_t)(2 * i);
    odds[i] = (uint16_t)(2 * i + 1);
  }
  const __m512i even = _mm512_loadu_si512(evens), odd = _mm512_loadu_si512(odds);
  for (int half = 0; half < 2; half++, column += 32, out += 32) {
    ptrdiff_t k = 0;
    for (; k + 8 <= depth; k += 8) {
      __m512i a[4], b[4];
      load_words(p, column, k0 + k, a);
      load_words(p, column + 16, k0 + k, b);
      UNROLLED
      for (int i = 0; i < 4; i++) {
        uint16_t *o = out + (k + 2 * i) * wide;
        _mm512_store_si512(o, halves_of(_mm512_permutex2var_epi16(a[i], even, b[i]), offset));
        _mm512_store_si512(
          o + wide, halves_of(_mm512_permutex2var_epi16(a[i], odd, b[i]), offset));
      }
    }
    for (; k < depth; k++) {
      uint16_t rest[32] = {0};
      for (int c = 0; c < 32 && column + c < p->n; c++)
        rest[c] = ((const uint16_t *)p->b)[(column + c) * p->k + k0 + k];
      _mm512_store_si512(out + k * wide, halves_of(_mm512_loadu_si512(rest), offset));
    }
  }
}

// MARK: Tiles

INLINE_HALVES void half_tile(
  const int rows, const uint32_t *a, const uint16_t *b, ptrdiff_t depth, float *sums) {
  for (ptrdiff_t k0 = 0; k0 < depth; k0 += chain) {
    __m512h part[tile_rows][2];
    UNROLLED
    for (int r = 0; r < rows; r++) part[r][0] = part[r][1] = _mm512_setzero_ph();
    const ptrdiff_t count = depth - k0 < chain ? depth - k0 : chain;
    for (ptrdiff_t k = 0; k < count; k++) {
      const __m512h b0 = _mm512_castsi512_ph(_mm512_load_si512(b));
      const __m512h b1 = _mm512_castsi512_ph(_mm512_load_si512(b + 32));
      UNROLLED
      for (int r = 0; r < rows; r++) {
        const __m512h x = _mm512_castsi512_ph(_mm512_set1_epi32((int)a[r]));
        part[r][0] = _mm512_fmadd_ph(x, b0, part[r][0]);
        part[r][1] = _mm512_fmadd_ph(x, b1, part[r][1]);
      }
      a += tile_rows;
      b += wide;
    }
    UNROLLED
    for (int r = 0; r < rows; r++) {
      float *sum = sums + r * wide;
      UNROLLED
      for (int half = 0; half < 2; half++) {
        const __m512i bits = _mm512_castph_si512(part[r][half]);
        __m512 x = _mm512_cvtph_ps(_mm512_castsi512_si256(bits));
        __m512 y = _mm512_cvtph_ps(_mm512_extracti64x4_epi64(bits, 1));
        if (k0 > 0) {
          x = _mm512_add_ps(x, _mm512_load_ps(sum + 32 * half));
          y = _mm512_add_ps(y, _mm512_load_ps(sum + 32 * half + 16));
        }
        _mm512_store_ps(sum + 32 * half, x);
        _mm512_store_ps(sum + 32 * half + 16, y);
      }
    }
  }
}

HALVES static __attribute__((noinline)) void multiply_half_tile(
  int rows, const uint32_t *a, const uint16_t *b, ptrdiff_t depth, float *sums) {
  WITH_CONSTANT_ROWS(rows, half_tile, a, b, depth, sums)
}

AVX512 static void finish_tile(
  const destination *whole, int rows, const float *factors, const float *sums) {
  destination d = *whole;
  for (int half = 0; half < 2 && d.column < d.p->n; half++, d.column += 32) {
    for (int r = 0; r < rows; r++) {
      const __m512 factor = _mm512_set1_ps(factors[r]);
      const float *sum = sums + r * wide + 32 * half;
      finish_row(
        &d, r, _mm512_mul_ps(_mm512_load_ps(sum), factor),
        _mm512_mul_ps(_mm512_load_ps(sum + 16), factor));
    }
  }
}

// MARK: The format

/// What the copy of a group writes past its last step. A row's factors lie behind it.
enum { overrun = 2 };

HALVES static void pack_half_group(
  const prologue *p, ptrdiff_t row, int rows, ptrdiff_t k0, ptrdiff_t depth, float *out) {
  pack_group(p, row, rows, k0, depth, (uint32_t *)out, out + depth * tile_rows + overrun);
}

HALVES static void pack_half_panel(
  const dept_product *p, ptrdiff_t column, ptrdiff_t k0, ptrdiff_t depth, float *out) {
  if (p->transpose_b)
    pack_transposed_columns(p, column, k0, depth, (uint16_t *)out);
  else
    pack_columns(p, column, k0, depth, (uint16_t *)out);
}

HALVES static void multiply(
  int rows, const destination *d, const float *a, const float *b, ptrdiff_t steps) {
  float sums[tile_rows * wide] __attribute__((aligned(64)));
  multiply_half_tile(rows, (const uint32_t *)a, (const uint16_t *)b, steps, sums);
  finish_tile(d, rows, a + steps * tile_rows + overrun, sums);
}

bool dept_takes_halves(const dept_product *p) {
  return dept_bfloat16_products() == DEPT_HALVES && p->b_element == DEPT_BFLOAT16 &&
         !p->transpose_a && p->b_exponent >= -60 && p->b_exponent <= 60;
}

const tile_format dept_half_tiles = {
  .rows = tile_rows,
  .columns = wide,
  .depth = largest_depth,
  .elements = 1,
  .unit = 1,
  .group_words = tile_rows,
  .panel_words = wide / 2,
  .group_extra = overrun + tile_rows,
  .pack_group = pack_half_group,
  .pack_panel = pack_half_panel,
  .multiply = multiply,
};

#else

bool dept_takes_halves(const dept_product *product) {
  (void)product;
  return false;
}

#endif
