// Attention of one head by register tiles (AVX-512), 32 queries at a time. Scores are kept
// transposed, `[key][32 queries]`: softmax then needs no sum across a vector, and probabilities are
// in the order in which the next product reads them.
#include "attention.h"

#if defined(__x86_64__)

#include <math.h>

enum { lanes = 32 };

// MARK: Products of a block

INLINE512 void tile_store(
  const int rows, tile sums, float *c, ptrdiff_t c_step, bool adding) {
  UNROLLED
  for (int r = 0; r < rows; r++) {
    float *row = c + r * c_step;
    if (adding) {
      sums[r][0] = _mm512_add_ps(sums[r][0], _mm512_loadu_ps(row));
      sums[r][1] = _mm512_add_ps(sums[r][1], _mm512_loadu_ps(row + 16));
    }
    _mm512_storeu_ps(row, sums[r][0]);
    _mm512_storeu_ps(row + 16, sums[r][1]);
  }
}

INLINE512 void tile_by_steps(
  const int rows, const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t count, float *c) {
  tile sums;
  tile_clear(rows, sums);
  tile_accumulate(rows, sums, a, a_step, 1, b, lanes, count);
  tile_store(rows, sums, c, lanes, false);
}

/// The same for 16 lanes.
INLINE512 void tile_by_steps_of_16(
  const int rows, const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t count, float *c) {
  __m512 sums[tile_rows];
  UNROLLED
  for (int r = 0; r < rows; r++) sums[r] = _mm512_setzero_ps();
  for (ptrdiff_t k = 0; k < count; k++) {
    const __m512 x = _mm512_loadu_ps(b + k * lanes);
    UNROLLED
    for (int r = 0; r < rows; r++)
      sums[r] = _mm512_fmadd_ps(_mm512_set1_ps(a[k * a_step + r]), x, sums[r]);
  }
  UNROLLED
  for (int r = 0; r < rows; r++) _mm512_storeu_ps(c + r * lanes, sums[r]);
}

INLINE512 void tile_by_lanes(
  const int rows, const float *a, const float *b, ptrdiff_t step, ptrdiff_t count, float *c) {
  tile sums;
  tile_clear(rows, sums);
  tile_accumulate(rows, sums, a, 1, lanes, b, step, count);
  tile_store(rows, sums, c, step, true);
}

/// `c[r][32] = Σ_k a[k·a_step + r] · b[k][32]` for `rows` rows; of at most 16 used lanes the other
/// 16 are left out.
AVX512 static __attribute__((noinline)) void product_by_steps(
  ptrdiff_t rows, const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t count, float *c,
  ptrdiff_t used) {
  const ptrdiff_t parts = (rows + tile_rows - 1) / tile_rows;
  for (ptrdiff_t part = 0; part < parts; part++) {
    const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
    if (used > 16) {
      WITH_CONSTANT_ROWS(
        (int)(r1 - r0), tile_by_steps, a + r0, a_step, b, count, c + r0 * lanes)
    } else {
      WITH_CONSTANT_ROWS(
        (int)(r1 - r0), tile_by_steps_of_16, a + r0, a_step, b, count, c + r0 * lanes)
    }
  }
}

/// `c[r][0..<step] += Σ_l a[r][l] · b[l][0..<step]`, with `count` of 32 lanes; `step` is a multiple
/// of 32.
AVX512 static __attribute__((noinline)) void product_by_lanes(
  ptrdiff_t rows, const float *a, const float *b, ptrdiff_t step, ptrdiff_t count, float *c) {
  const ptrdiff_t parts = (rows + tile_rows - 1) / tile_rows;
  for (ptrdiff_t part = 0; part < parts; part++) {
    const ptrdiff_t r0 = rows * part / parts, r1 = rows * (part + 1) / parts;
    for (ptrdiff_t column = 0; column < step; column += lanes) {
      WITH_CONSTANT_ROWS(
        (int)(r1 - r0), tile_by_lanes, a + r0 * lanes, b + column, step, count,
        c + r0 * step + column)
    }
  }
}

// MARK: Copies

/// `out[column·out_step + row] = factor · x[row·step + column]`; rows past `rows` up to a multiple
/// of 16 become 0, which `out` has room for.
AVX512 static void copy_transposed(
  const float *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t width, float factor, float *out,
  ptrdiff_t out_step) {
  const __m512 scale = _mm512_set1_ps(factor);
  for (ptrdiff_t row = 0; row < rows; row += 16)
    for (ptrdiff_t column = 0; column < width; column += 16) {
      const __mmask16 inside = lanes_below(width - column);
      __m512 in[16], columns[16];
      for (int r = 0; r < 16; r++)
        in[r] = row + r < rows
                  ? _mm512_maskz_loadu_ps(inside, x + (row + r) * step + column)
                  : _mm512_setzero_ps();
      transpose16(in, columns);
      const int valid = width - column < 16 ? (int)(width - column) : 16;
      for (int c = 0; c < valid; c++)
        _mm512_storeu_ps(
          out + (column + c) * out_step + row, _mm512_mul_ps(columns[c], scale));
    }
}

/// `out[row·step + column] = factor[row] · x[column][row]` for `rows` of 32 lanes.
AVX512 static void copy_back(
  const float *x, const __m512 factor[2], ptrdiff_t rows, ptrdiff_t width, float *out,
  ptrdiff_t step) {
  for (ptrdiff_t half = 0; half < 2 && half * 16 < rows; half++)
    for (ptrdiff_t column = 0; column < width; column += 16) {
      const __mmask16 inside = lanes_below(width - column);
      __m512 in[16], columns[16];
      for (int c = 0; c < 16; c++)
        in[c] = column + c < width
                  ? _mm512_mul_ps(
                      factor[half], _mm512_loadu_ps(x + (column + c) * lanes + half * 16))
                  : _mm512_setzero_ps();
      transpose16(in, columns);
      for (int r = 0; r < 16 && half * 16 + r < rows; r++)
        _mm512_mask_storeu_ps(out + (half * 16 + r) * step + column, inside, columns[r]);
    }
}

/// `out[row·out_step + column] = factor · x[row·step + column]`, columns past `width` 0.
AVX512 static void copy_rows(
  const float *x, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t width, float factor, float *out,
  ptrdiff_t out_step) {
  const __m512 scale = _mm512_set1_ps(factor);
  for (ptrdiff_t row = 0; row < rows; row++)
    for (ptrdiff_t column = 0; column < out_step; column += 16)
      _mm512_storeu_ps(
        out + row * out_step + column,
        _mm512_mul_ps(
          scale,
          _mm512_maskz_loadu_ps(lanes_below(width - column), x + row * step + column)));
}

// MARK: Scores

/// What one head needs beside its operands: the bias by descending distance, so that neighbouring
/// queries read neighbours. `bias[query − key + keys − 1]`, null for none.
typedef struct {
  const dept_attention_shape *s;
  const attention_item *item;
  const float *bias;
  ptrdiff_t block;  // the first query's number
  int halves;       // vectors of 16 lanes that hold queries: 1 or 2
} score_block;

static size_t bias_floats(const dept_attention_shape *s, const attention_item *item) {
  return s->bias ? (size_t)(s->query_position + item->queries + lanes + item->keys) : 0;
}

static void reverse_bias(
  const dept_attention_shape *s, const attention_item *item, float *out) {
  const float *bias = s->bias + item->head * s->distances;
  const ptrdiff_t last = s->zero + item->keys - 1;
  const ptrdiff_t count = (ptrdiff_t)bias_floats(s, item);
  for (ptrdiff_t x = 0; x < count; x++) {
    const ptrdiff_t at = last - x;
    out[x] = at >= 0 && at < s->distances ? bias[at] : 0;
  }
}

INLINE512 const float *bias_of(const score_block *b, ptrdiff_t key) {
  return b->bias + b->s->query_position + b->block - key + b->item->keys - 1;
}

/// The lanes that see a key.
INLINE512 uint32_t seeing(const score_block *b, ptrdiff_t key) {
  if (!b->s->causal) return ~0u;
  const ptrdiff_t hidden = key - b->s->query_position - b->block;
  return hidden <= 0 ? ~0u : hidden >= lanes ? 0 : ~0u << hidden;
}

/// The keys that any query of the block sees.
static ptrdiff_t visible_keys(const score_block *b) {
  if (!b->s->causal) return b->item->keys;
  const ptrdiff_t count = b->s->query_position + b->block + lanes;
  return count < b->item->keys ? count : b->item->keys;
}

/// Scores become unnormalised probabilities: `exp(score − shift)`, and 0 where a query does not see
/// the key. Where `finding`, the shift is the largest score, which is found first.
INLINE512 void exponentials_of(
  const score_block *b, ptrdiff_t keys, float *p, int half, __m512 *shift, bool finding,
  __m512 *sum) {
  const bool causal = b->s->causal;
  p += 16 * half;
  if (b->bias || finding) {
    __m512 largest = _mm512_set1_ps(-INFINITY);
    for (ptrdiff_t j = 0; j < keys; j++) {
      __m512 x = _mm512_loadu_ps(p + j * lanes);
      if (b->bias) {
        x = _mm512_add_ps(x, _mm512_loadu_ps(bias_of(b, j) + 16 * half));
        _mm512_storeu_ps(p + j * lanes, x);
      }
      const __mmask16 seen = causal ? (__mmask16)(seeing(b, j) >> (16 * half)) : 0xFFFF;
      largest = _mm512_mask_max_ps(largest, seen, largest, x);
    }
    if (finding) *shift = largest;
  }
  *sum = _mm512_setzero_ps();
  for (ptrdiff_t j = 0; j < keys; j++) {
    __m512 x = exp16(_mm512_sub_ps(_mm512_loadu_ps(p + j * lanes), *shift));
    if (causal) x = _mm512_maskz_mov_ps((__mmask16)(seeing(b, j) >> (16 * half)), x);
    *sum = _mm512_add_ps(*sum, x);
    _mm512_storeu_ps(p + j * lanes, x);
  }
}

AVX512 static void exponentials(
  const score_block *b, ptrdiff_t keys, float *p, __m512 shift[2], bool finding, __m512 sum[2]) {
  sum[1] = _mm512_set1_ps(1);
  if (finding) shift[1] = _mm512_setzero_ps();
  for (int half = 0; half < b->halves; half++)
    exponentials_of(b, keys, p, half, shift + half, finding, sum + half);
}

AVX512 static void drop(const score_block *b, ptrdiff_t keys, float *p) {
  const uint32_t threshold = mask_threshold(b->s->dropout);
  const __m512 scale = _mm512_set1_ps(1.0f / (1.0f - b->s->dropout));
  const uint64_t place = attention_mask_row(b->s, b->item, b->block);
  for (ptrdiff_t j = 0; j < keys; j++) {
    uint32_t keep = mask32(b->s->key, place + (uint64_t)(j * lanes), threshold);
    for (int half = 0; half < b->halves; half++, keep >>= 16) {
      float *x = p + j * lanes + 16 * half;
      _mm512_storeu_ps(x, _mm512_maskz_mul_ps((__mmask16)keep, _mm512_loadu_ps(x), scale));
    }
  }
}

static ptrdiff_t rounded(ptrdiff_t count, ptrdiff_t unit) {
  return (count + unit - 1) / unit * unit;
}

/// Cuts a thread's memory into aligned pieces.
static float *piece(float **memory, ptrdiff_t count) {
  float *start = *memory;
  *memory += rounded(count, 16);
  return start;
}

AVX512 void dept_tiled_attention(const attention_operands *o, const attention_item *item) {
  const dept_attention_shape *s = o->shape;
  const ptrdiff_t width = s->head_width, stride = s->heads * width, keys = item->keys;
  const ptrdiff_t padded = rounded(keys, 16), bias_count = (ptrdiff_t)bias_floats(s, item);
  float *memory = dept_attention_scratch(
    (size_t)(width * (2 * padded + 2 * lanes) + padded * lanes + bias_count) + 128);
  float *keys_by_column = piece(&memory, width * padded), *values = piece(&memory, width * padded);
  float *q = piece(&memory, width * lanes), *mixed = piece(&memory, width * lanes);
  float *p = piece(&memory, padded * lanes), *bias = piece(&memory, bias_count);
  copy_transposed(o->k + item->key_offset, stride, keys, width, 1, keys_by_column, padded);
  for (ptrdiff_t j = 0; j < keys; j++)
    memcpy(
      values + j * width, o->v + item->key_offset + j * stride, (size_t)width * sizeof(float));
  if (s->bias) reverse_bias(s, item, bias);
  float *log_sum = o->log_sum_result + item->first * s->heads + item->head;
  for (ptrdiff_t block = 0; block < item->queries; block += lanes) {
    const ptrdiff_t left = item->queries - block, count = left < lanes ? left : lanes;
    const score_block b = {s, item, s->bias ? bias : NULL, block, count > 16 ? 2 : 1};
    const ptrdiff_t seen = visible_keys(&b);
    copy_transposed(
      o->q + item->query_offset + block * stride, stride, count, width, s->scale, q, lanes);
    product_by_steps(seen, keys_by_column, padded, q, width, p, count);
    __m512 shift[2], sum[2];
    exponentials(&b, seen, p, shift, true, sum);
    if (s->dropout > 0) drop(&b, seen, p);
    product_by_steps(width, values, width, p, seen, mixed, count);
    const __m512 one = _mm512_set1_ps(1);
    const __m512 inverse[2] = {_mm512_div_ps(one, sum[0]), _mm512_div_ps(one, sum[1])};
    copy_back(
      mixed, inverse, count, width, o->result + item->query_offset + block * stride, stride);
    float largest[lanes], total[lanes];
    for (int half = 0; half < 2; half++) {
      _mm512_storeu_ps(largest + 16 * half, shift[half]);
      _mm512_storeu_ps(total + 16 * half, sum[half]);
    }
    for (ptrdiff_t i = 0; i < count; i++)
      log_sum[(block + i) * s->heads] = largest[i] + logf(total[i]);
  }
}

// MARK: Backward

/// `p` becomes the dropped probabilities and `ds`, which holds their gradients, `p · (dp − D)` of
/// the probabilities before; `D = Σ p · dp` over the keys.
AVX512 static void score_gradients(
  const score_block *b, ptrdiff_t keys, float *p, float *ds, uint32_t *masks) {
  const uint32_t threshold = mask_threshold(b->s->dropout);
  const __m512 scale = _mm512_set1_ps(1.0f / (1.0f - b->s->dropout));
  const uint64_t place = attention_mask_row(b->s, b->item, b->block);
  const bool dropping = b->s->dropout > 0;
  __m512 dot[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
  for (ptrdiff_t j = 0; j < keys; j++) {
    uint32_t keep = ~0u;
    if (dropping) {
      keep = mask32(b->s->key, place + (uint64_t)(j * lanes), threshold);
      masks[j] = keep;
    }
    for (int half = 0; half < b->halves; half++, keep >>= 16) {
      float *gradient = ds + j * lanes + 16 * half;
      __m512 g = _mm512_loadu_ps(gradient);
      if (dropping) {
        g = _mm512_maskz_mul_ps((__mmask16)keep, g, scale);
        _mm512_storeu_ps(gradient, g);
      }
      dot[half] = _mm512_fmadd_ps(_mm512_loadu_ps(p + j * lanes + 16 * half), g, dot[half]);
    }
  }
  for (ptrdiff_t j = 0; j < keys; j++)
    for (int half = 0; half < b->halves; half++) {
      float *probability = p + j * lanes + 16 * half, *gradient = ds + j * lanes + 16 * half;
      const __m512 x = _mm512_loadu_ps(probability);
      _mm512_storeu_ps(
        gradient, _mm512_mul_ps(x, _mm512_sub_ps(_mm512_loadu_ps(gradient), dot[half])));
      if (dropping)
        _mm512_storeu_ps(
          probability, _mm512_maskz_mul_ps((__mmask16)(masks[j] >> (16 * half)), x, scale));
    }
}

/// `sums[distance] += ds` over a block.
AVX512 static void add_bias_gradients(
  const score_block *b, ptrdiff_t keys, const float *ds, float *sums) {
  const score_block here = {b->s, b->item, sums, b->block, b->halves};
  for (ptrdiff_t j = 0; j < keys; j++) {
    float *sum = (float *)bias_of(&here, j);
    for (int half = 0; half < b->halves; half++)
      _mm512_storeu_ps(
        sum + 16 * half,
        _mm512_add_ps(
          _mm512_loadu_ps(sum + 16 * half), _mm512_loadu_ps(ds + j * lanes + 16 * half)));
  }
}

/// Rows of a head, `step` apart, copied to rows `stride` apart.
static void write_rows(
  const float *sums, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t width, float *out,
  ptrdiff_t stride) {
  for (ptrdiff_t j = 0; j < rows; j++)
    memcpy(out + j * stride, sums + j * step, (size_t)width * sizeof(float));
}

AVX512 void dept_tiled_attention_pull(
  const attention_operands *o, const attention_item *item, float *dbias) {
  const dept_attention_shape *s = o->shape;
  const ptrdiff_t width = s->head_width, stride = s->heads * width, keys = item->keys;
  const ptrdiff_t padded = rounded(keys, 16), wide = rounded(width, lanes);
  const ptrdiff_t bias_count = (ptrdiff_t)bias_floats(s, item);
  const ptrdiff_t by_key = width * padded, by_query = width * lanes, rows = wide * lanes;
  const bool same = o->k == o->v, joint = o->dk && o->dk == o->dv;
  float *memory = dept_attention_scratch(
    (size_t)(3 * by_key + 3 * by_query + 2 * rows + 2 * padded * lanes + keys * (2 * wide + 1) +
             2 * bias_count) + 512);
  float *k_columns = piece(&memory, by_key), *k_rows = piece(&memory, by_key);
  float *v_columns = same ? k_columns : piece(&memory, by_key);
  float *q = piece(&memory, by_query), *dout = piece(&memory, by_query);
  float *dq = piece(&memory, by_query);
  float *q_rows = piece(&memory, rows), *dout_rows = piece(&memory, rows);
  float *p = piece(&memory, padded * lanes), *ds = piece(&memory, padded * lanes);
  float *dk = piece(&memory, keys * wide), *dv = joint ? dk : piece(&memory, keys * wide);
  uint32_t *masks = (uint32_t *)piece(&memory, keys);
  float *bias = piece(&memory, bias_count), *bias_sums = piece(&memory, bias_count);
  copy_transposed(o->k + item->key_offset, stride, keys, width, 1, k_columns, padded);
  if (!same)
    copy_transposed(o->v + item->key_offset, stride, keys, width, 1, v_columns, padded);
  if (o->dq) write_rows(o->k + item->key_offset, stride, keys, width, k_rows, width);
  if (o->dk) memset(dk, 0, (size_t)(keys * wide) * sizeof(float));
  if (o->dv) memset(dv, 0, (size_t)(keys * wide) * sizeof(float));
  if (s->bias) reverse_bias(s, item, bias);
  if (dbias) memset(bias_sums, 0, (size_t)bias_count * sizeof(float));
  const float *log_sum = o->log_sum + item->first * s->heads + item->head;
  for (ptrdiff_t block = 0; block < item->queries; block += lanes) {
    const ptrdiff_t left = item->queries - block, count = left < lanes ? left : lanes;
    const score_block b = {s, item, s->bias ? bias : NULL, block, count > 16 ? 2 : 1};
    const ptrdiff_t seen = visible_keys(&b), at = item->query_offset + block * stride;
    
    copy_transposed(o->q + at, stride, count, width, s->scale, q, lanes);
    copy_transposed(o->dout + at, stride, count, width, 1, dout, lanes);
    float shifts[lanes] = {0};
    for (ptrdiff_t i = 0; i < count; i++) shifts[i] = log_sum[(block + i) * s->heads];
    __m512 shift[2] = {_mm512_loadu_ps(shifts), _mm512_loadu_ps(shifts + 16)}, sum[2];
    product_by_steps(seen, k_columns, padded, q, width, p, count);
    exponentials(&b, seen, p, shift, false, sum);
    product_by_steps(seen, v_columns, padded, dout, width, ds, count);
    score_gradients(&b, seen, p, ds, masks);
    if (o->dv) {
      copy_rows(o->dout + at, stride, count, width, 1, dout_rows, wide);
      product_by_lanes(seen, p, dout_rows, wide, count, dv);
    }
    if (o->dk) {
      copy_rows(o->q + at, stride, count, width, s->scale, q_rows, wide);
      product_by_lanes(seen, ds, q_rows, wide, count, dk);
    }
    if (dbias) {
      // Lanes without a query have no gradient: their dout is 0.
      add_bias_gradients(&b, seen, ds, bias_sums);
    }
    if (o->dq) {
      product_by_steps(width, k_rows, width, ds, seen, dq, count);
      const __m512 scale[2] = {_mm512_set1_ps(s->scale), _mm512_set1_ps(s->scale)};
      copy_back(dq, scale, count, width, o->dq + at, stride);
    }
  }
  if (o->dk) write_rows(dk, wide, keys, width, o->dk + item->key_offset, stride);
  if (o->dv && !joint) write_rows(dv, wide, keys, width, o->dv + item->key_offset, stride);
  if (dbias) {
    float *sums = dbias + item->head * s->distances;
    for (ptrdiff_t x = 0; x < bias_count; x++) {
      const ptrdiff_t distance = s->zero + keys - 1 - x;
      if (distance >= 0 && distance < s->distances) sums[distance] += bias_sums[x];
    }
  }
}

#else

void dept_tiled_attention(const attention_operands *o, const attention_item *item) {
  dept_library_attention(o, item);
}

void dept_tiled_attention_pull(
  const attention_operands *o, const attention_item *item, float *dbias) {
  dept_library_attention_pull(o, item, dbias);
}

#endif
