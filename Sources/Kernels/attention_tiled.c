// Attention of one head by register tiles (AVX-512), 32 queries at a time. Scores are kept
// transposed, `[key][32 queries]`: softmax then needs no sum across a vector, and probabilities are
// in the order in which the next product reads them.
#include "attention_formats.h"

#if defined(__x86_64__)

#include <math.h>

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
  return s->bias ? (size_t)(item->position + item->queries + lanes + item->keys) : 0;
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
  return b->bias + b->item->position + b->block - key + b->item->keys - 1;
}

/// The lanes that see a key.
INLINE512 uint32_t seeing(const score_block *b, ptrdiff_t key) {
  if (!b->s->causal) return ~0u;
  const ptrdiff_t hidden = key - b->item->position - b->block;
  return hidden <= 0 ? ~0u : hidden >= lanes ? 0 : ~0u << hidden;
}

/// The keys that any query of the block sees.
static ptrdiff_t visible_keys(const score_block *b) {
  if (!b->s->causal) return b->item->keys;
  const ptrdiff_t count = b->item->position + b->block + lanes;
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

/// Cuts a thread's memory into aligned pieces.
static float *piece(float **memory, ptrdiff_t count) {
  float *start = *memory;
  *memory += rounded(count, 16);
  return start;
}

const attention_format *dept_attention_format(const dept_attention_shape *shape) {
  if (!shape->rounding) return &dept_float_attention;
  switch (dept_bfloat16_products()) {
    case DEPT_WIDENED:
    case DEPT_HALVES: return &dept_float_attention;
    case DEPT_PAIRS: return &dept_pair_attention;
    case DEPT_MATRIX_UNIT: return &dept_matrix_attention;
  }
}

AVX512 void dept_tiled_attention(const attention_operands *o, const attention_item *item) {
  const dept_attention_shape *s = o->shape;
  const attention_format *format = o->format;
  const ptrdiff_t width = s->head_width, stride = s->heads * width, keys = item->keys;
  const ptrdiff_t bias_count = (ptrdiff_t)bias_floats(s, item);
  const ptrdiff_t k_size = format->left_size(keys, width), v_size = format->left_size(width, keys);
  const ptrdiff_t k_step = format->left_step(keys, width), v_step = format->left_step(width, keys);
  const ptrdiff_t p_size = rounded(keys, 16) * lanes, p_copy_size = format->right_size(keys);
  const ptrdiff_t q_size = format->right_size(width), mixed_size = rounded(width, 16) * lanes;
  float *memory = dept_attention_scratch(
    (size_t)(k_size + v_size + q_size + mixed_size + p_size + p_copy_size + bias_count) + 128);
  float *k = piece(&memory, k_size), *v = piece(&memory, v_size), *q = piece(&memory, q_size);
  float *mixed = piece(&memory, mixed_size), *p = piece(&memory, p_size);
  float *p_copy = piece(&memory, p_copy_size), *bias = piece(&memory, bias_count);
  if (format->begin) format->begin();
  format->left_of_rows(o->k + item->key_offset, stride, keys, width, k);
  format->left_of_columns(o->v + item->key_offset, stride, width, keys, v);
  if (s->bias) reverse_bias(s, item, bias);
  float *log_sum = o->log_sum_result + item->first * s->heads + item->head;
  for (ptrdiff_t block = 0; block < item->queries; block += lanes) {
    const ptrdiff_t left = item->queries - block, count = left < lanes ? left : lanes;
    const score_block b = {s, item, s->bias ? bias : NULL, block, count > 16 ? 2 : 1};
    const ptrdiff_t seen = visible_keys(&b), at = item->query_offset + block * stride;
    format->right_of_columns(o->q + at, stride, count, width, s->scale, q);
    format->multiply(seen, k, k_step, q, width, p, count);
    __m512 shift[2], sum[2];
    exponentials(&b, seen, p, shift, true, sum);
    if (s->dropout > 0) drop(&b, seen, p);
    format->multiply(
      width, v, v_step, format->right_of_scores(p, seen, p_copy), seen, mixed, count);
    const __m512 one = _mm512_set1_ps(1);
    const __m512 inverse[2] = {_mm512_div_ps(one, sum[0]), _mm512_div_ps(one, sum[1])};
    copy_back(mixed, inverse, count, width, o->result + at, stride);
    float largest[lanes], total[lanes];
    for (int half = 0; half < 2; half++) {
      _mm512_storeu_ps(largest + 16 * half, shift[half]);
      _mm512_storeu_ps(total + 16 * half, sum[half]);
    }
    for (ptrdiff_t i = 0; i < count; i++)
      log_sum[(block + i) * s->heads] = largest[i] + logf(total[i]);
  }
  if (format->end) format->end();
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
  const attention_format *format = o->format;
  const ptrdiff_t width = s->head_width, stride = s->heads * width, keys = item->keys;
  const ptrdiff_t padded = rounded(keys, 16), wide = rounded(width, lanes);
  const ptrdiff_t bias_count = (ptrdiff_t)bias_floats(s, item);
  const bool same = o->k == o->v, joint = o->dk && o->dk == o->dv;
  const ptrdiff_t by_key = format->left_size(keys, width), p_size = padded * lanes;
  const ptrdiff_t k_column_size = format->left_size(width, keys);
  const ptrdiff_t key_step = format->left_step(keys, width);
  const ptrdiff_t column_step = format->left_step(width, keys);
  const ptrdiff_t q_size = format->right_size(width), score_size = format->right_size(padded);
  const ptrdiff_t row_size = wide / lanes * format->right_size(lanes);
  const ptrdiff_t dq_size = rounded(width, 16) * lanes, dk_size = padded * wide;
  float *memory = dept_attention_scratch(
    (size_t)(2 * by_key + k_column_size + 2 * q_size + dq_size + row_size + 2 * p_size +
             score_size + 2 * dk_size + keys + 2 * bias_count) + 512);
  float *k = piece(&memory, by_key), *k_columns = piece(&memory, k_column_size);
  float *v = same ? k : piece(&memory, by_key);
  float *q = piece(&memory, q_size), *dout = piece(&memory, q_size);
  float *dq = piece(&memory, dq_size), *rows = piece(&memory, row_size);
  float *p = piece(&memory, p_size), *ds = piece(&memory, p_size);
  float *copy = piece(&memory, score_size);
  float *dk = piece(&memory, dk_size), *dv = joint ? dk : piece(&memory, dk_size);
  uint32_t *masks = (uint32_t *)piece(&memory, keys);
  float *bias = piece(&memory, bias_count), *bias_sums = piece(&memory, bias_count);
  if (format->begin) format->begin();
  format->left_of_rows(o->k + item->key_offset, stride, keys, width, k);
  if (!same) format->left_of_rows(o->v + item->key_offset, stride, keys, width, v);
  if (o->dq) format->left_of_columns(o->k + item->key_offset, stride, width, keys, k_columns);
  if (o->dk) memset(dk, 0, (size_t)(keys * wide) * sizeof(float));
  if (o->dv) memset(dv, 0, (size_t)(keys * wide) * sizeof(float));
  if (s->bias) reverse_bias(s, item, bias);
  if (dbias) memset(bias_sums, 0, (size_t)bias_count * sizeof(float));
  const float *log_sum = o->log_sum + item->first * s->heads + item->head;
  for (ptrdiff_t block = 0; block < item->queries; block += lanes) {
    const ptrdiff_t left = item->queries - block, count = left < lanes ? left : lanes;
    const score_block b = {s, item, s->bias ? bias : NULL, block, count > 16 ? 2 : 1};
    const ptrdiff_t seen = visible_keys(&b), at = item->query_offset + block * stride;
    format->right_of_columns(o->q + at, stride, count, width, s->scale, q);
    format->right_of_columns(o->dout + at, stride, count, width, 1, dout);
    float shifts[lanes] = {0};
    for (ptrdiff_t i = 0; i < count; i++) shifts[i] = log_sum[(block + i) * s->heads];
    __m512 shift[2] = {_mm512_loadu_ps(shifts), _mm512_loadu_ps(shifts + 16)}, sum[2];
    format->multiply(seen, k, key_step, q, width, p, count);
    exponentials(&b, seen, p, shift, false, sum);
    format->multiply(seen, v, key_step, dout, width, ds, count);
    score_gradients(&b, seen, p, ds, masks);
    if (o->dv) {
      format->right_of_rows(o->dout + at, stride, count, width, 1, rows);
      format->accumulate(
        seen, format->left_of_scores(p, seen, copy), rows, count, dv, wide);
    }
    if (o->dk) {
      format->right_of_rows(o->q + at, stride, count, width, s->scale, rows);
      format->accumulate(
        seen, format->left_of_scores(ds, seen, copy), rows, count, dk, wide);
    }
    if (dbias) {
      // Lanes without a query have no gradient: their dout is 0.
      add_bias_gradients(&b, seen, ds, bias_sums);
    }
    if (o->dq) {
      format->multiply(
        width, k_columns, column_step, format->right_of_scores(ds, seen, copy), seen, dq, count);
      const __m512 scale[2] = {_mm512_set1_ps(s->scale), _mm512_set1_ps(s->scale)};
      copy_back(dq, scale, count, width, o->dq + at, stride);
    }
  }
  if (format->end) format->end();
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

const struct attention_format *dept_attention_format(const dept_attention_shape *shape) {
  (void)shape;
  return NULL;
}

void dept_tiled_attention(const attention_operands *o, const attention_item *item) {
  dept_library_attention(o, item);
}

void dept_tiled_attention_pull(
  const attention_operands *o, const attention_item *item, float *dbias) {
  dept_library_attention_pull(o, item, dbias);
}

#endif
