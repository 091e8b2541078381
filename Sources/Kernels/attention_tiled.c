// Attention of one head by register tiles (AVX-512), 32 queries at a time. Scores are kept
// transposed, `[key][32 queries]`: softmax then needs no sum across a vector, and probabilities are
// in the order in which the next product reads them.
#include "attention_scores.h"
#include "rounding.h"

#if defined(__x86_64__)

/// 16 elements, those that are inside, to number `at` of rows of the shape's type.
INLINE512 void put(
  const dept_attention_shape *s, void *rows, ptrdiff_t at, __mmask16 inside, __m512 x) {
  if (s->element == DEPT_BFLOAT16)
    _mm256_mask_storeu_epi16((uint16_t *)rows + at, inside, rounded_halves(x));
  else
    _mm512_mask_storeu_ps((float *)rows + at, inside, x);
}

/// `out[at + row·step + column] = factor[row] · x[column][row]` for `rows` of 32 lanes, in rows of
/// the shape's width.
AVX512 static void copy_back(
  const dept_attention_shape *s, const float *x, const __m512 factor[2], ptrdiff_t rows,
  void *out, ptrdiff_t at) {
  const ptrdiff_t width = s->head_width, step = s->heads * width;
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
        put(s, out, at + (half * 16 + r) * step + column, inside, columns[r]);
    }
}

/// Cuts a thread's memory into aligned pieces.
static float *piece(float **memory, ptrdiff_t count) {
  float *start = *memory;
  *memory += rounded(count, 16);
  return start;
}

const attention_format *dept_attention_format(const dept_attention_shape *shape) {
  const bool halves = shape->element == DEPT_BFLOAT16;
  if (!shape->rounding) return &dept_float_attention;
  switch (dept_bfloat16_products()) {
    case DEPT_WIDENED:
    case DEPT_HALVES: return &dept_float_attention;
    case DEPT_PAIRS: return halves ? &dept_pair_attention_of_halves : &dept_pair_attention;
    case DEPT_MATRIX_UNIT:
      return halves ? &dept_matrix_attention_of_halves : &dept_matrix_attention;
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
  format->left_of_rows(attention_at(s, o->k, item->key_offset), stride, keys, width, k);
  format->left_of_columns(attention_at(s, o->v, item->key_offset), stride, width, keys, v);
  if (s->bias) reverse_bias(s, item, bias);
  float *log_sum = o->log_sum_result + item->first * s->heads + item->head;
  const __m512 scale = _mm512_set1_ps(kept_scale(s));
  const float factor = log2_of_e * s->scale;
  for (ptrdiff_t block = 0; block < item->queries; block += lanes) {
    const ptrdiff_t left = item->queries - block, count = left < lanes ? left : lanes;
    const score_block b = {s, item, s->bias ? bias : NULL, factor, block, count > 16 ? 2 : 1};
    const ptrdiff_t seen = visible_keys(&b), at = item->query_offset + block * stride;
    format->right_of_columns(attention_at(s, o->q, at), stride, count, width, q);
    format->multiply(seen, k, k_step, q, width, p, count);
    __m512 shift[2], sum[2];
    exponentials(&b, seen, p, shift, sum);
    format->multiply(
      width, v, v_step, format->right_of_scores(p, seen, p_copy), seen, mixed, count);
    const __m512 inverse[2] = {_mm512_div_ps(scale, sum[0]), _mm512_div_ps(scale, sum[1])};
    copy_back(s, mixed, inverse, count, o->result, at);
    float largest[lanes], total[lanes];
    for (int half = 0; half < 2; half++) {
      _mm512_storeu_ps(largest + 16 * half, shift[half]);
      _mm512_storeu_ps(total + 16 * half, sum[half]);
    }
    for (ptrdiff_t i = 0; i < count; i++)
      log_sum[(block + i) * s->heads] = ln_of_2 * largest[i] + logf(total[i]);
  }
  if (format->end) format->end();
}

// MARK: Backward

/// A gradient of keys or values: the sum over the queries of a score of each and its row, in blocks
/// that wait until there are as many as the format adds at a time.
typedef struct {
  float *sums;  // `[keys, wide]`
  float *left, *right;
  ptrdiff_t left_size, right_size, waiting;
} gradient_sum;

static gradient_sum gradient_sum_in(
  float **memory, const attention_format *format, float *sums, ptrdiff_t left_size,
  ptrdiff_t right_size) {
  float *left = piece(memory, format->most_blocks * left_size);
  float *right = piece(memory, format->most_blocks * right_size);
  return (gradient_sum){sums, left, right, left_size, right_size, 0};
}

/// Adds a block: its scores and the rows `x`.
static void add_block(
  gradient_sum *g, const attention_operands *o, const score_block *b, ptrdiff_t seen,
  const float *scores, const void *x, ptrdiff_t count) {
  const attention_format *format = o->format;
  const ptrdiff_t width = o->shape->head_width, stride = o->shape->heads * width;
  const ptrdiff_t keys = b->item->keys;
  const bool several = format->most_blocks > 1;
  float *left = g->left + g->waiting * g->left_size;
  const float *operand = format->left_of_scores(scores, seen, left);
  if (several && seen < keys) {
    const ptrdiff_t filled = rounded(seen, 16) * lanes / 2;
    memset(left + filled, 0, (size_t)(g->left_size - filled) * sizeof(float));
  }
  format->right_of_rows(x, stride, count, width, g->right + g->waiting * g->right_size);
  g->waiting++;
  if (g->waiting < format->most_blocks && b->block + count < b->item->queries) return;
  format->accumulate(
    g->waiting, several ? keys : seen, several ? g->left : operand, g->right, count, g->sums,
    rounded(width, lanes));
  g->waiting = 0;
}

/// `out[key] = a · x[key] + b · y[key]` for the head's columns of its keys; `y` may be null.
AVX512 static void write_sums(
  const attention_operands *o, const attention_item *item, float a, const float *x, float b,
  const float *y, void *out) {
  const dept_attention_shape *s = o->shape;
  const ptrdiff_t width = s->head_width, stride = s->heads * width, wide = rounded(width, lanes);
  for (ptrdiff_t j = 0; j < item->keys; j++)
    for (ptrdiff_t column = 0; column < width; column += 16) {
      const ptrdiff_t at = j * wide + column;
      __m512 sum = _mm512_mul_ps(_mm512_set1_ps(a), _mm512_loadu_ps(x + at));
      if (y) sum = _mm512_fmadd_ps(_mm512_set1_ps(b), _mm512_loadu_ps(y + at), sum);
      put(
        s, out, item->key_offset + j * stride + column, lanes_below(width - column), sum);
    }
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
  const ptrdiff_t copy_size = padded * lanes / 2;
  const ptrdiff_t waiting_size = 2 * format->most_blocks * (copy_size + row_size);
  float *memory = dept_attention_scratch(
    (size_t)(2 * by_key + k_column_size + 2 * q_size + dq_size + waiting_size + 2 * p_size +
             score_size + 2 * dk_size + keys + 2 * bias_count) + 512);
  float *k = piece(&memory, by_key), *k_columns = piece(&memory, k_column_size);
  float *v = same ? k : piece(&memory, by_key);
  float *q = piece(&memory, q_size), *dout = piece(&memory, q_size);
  float *dq = piece(&memory, dq_size);
  float *p = piece(&memory, p_size), *ds = piece(&memory, p_size);
  float *copy = piece(&memory, score_size);
  float *dk = piece(&memory, dk_size), *dv = piece(&memory, dk_size);
  gradient_sum of_keys = gradient_sum_in(&memory, format, dk, copy_size, row_size);
  gradient_sum of_values = gradient_sum_in(&memory, format, dv, copy_size, row_size);
  keep32 *masks = (keep32 *)piece(&memory, keys);
  float *bias = piece(&memory, bias_count), *bias_sums = piece(&memory, bias_count);
  if (format->begin) format->begin();
  const void *k_rows = attention_at(s, o->k, item->key_offset);
  format->left_of_rows(k_rows, stride, keys, width, k);
  if (!same)
    format->left_of_rows(attention_at(s, o->v, item->key_offset), stride, keys, width, v);
  if (o->dq) format->left_of_columns(k_rows, stride, width, keys, k_columns);
  if (o->dk) memset(dk, 0, (size_t)(keys * wide) * sizeof(float));
  if (o->dv) memset(dv, 0, (size_t)(keys * wide) * sizeof(float));
  if (s->bias) reverse_bias(s, item, bias);
  if (dbias) memset(bias_sums, 0, (size_t)bias_count * sizeof(float));
  const float *log_sum = o->log_sum + item->first * s->heads + item->head;
  const float kept = kept_scale(s), factor = log2_of_e * s->scale;
  for (ptrdiff_t block = 0; block < item->queries; block += lanes) {
    const ptrdiff_t left = item->queries - block, count = left < lanes ? left : lanes;
    const score_block b = {s, item, s->bias ? bias : NULL, factor, block, count > 16 ? 2 : 1};
    const ptrdiff_t seen = visible_keys(&b), at = item->query_offset + block * stride;
    const void *q_rows = attention_at(s, o->q, at), *dout_rows = attention_at(s, o->dout, at);
    format->right_of_columns(q_rows, stride, count, width, q);
    format->right_of_columns(dout_rows, stride, count, width, dout);
    float shifts[lanes] = {0};
    for (ptrdiff_t i = 0; i < count; i++)
      shifts[i] = log2_of_e * log_sum[(block + i) * s->heads];
    const __m512 shift[2] = {_mm512_loadu_ps(shifts), _mm512_loadu_ps(shifts + 16)};
    format->multiply(seen, k, key_step, q, width, p, count);
    format->multiply(seen, v, key_step, dout, width, ds, count);
    score_gradients(&b, seen, p, ds, shift, masks);
    if (o->dv) add_block(&of_values, o, &b, seen, p, dout_rows, count);
    if (o->dk) add_block(&of_keys, o, &b, seen, ds, q_rows, count);
    if (dbias) {
      // Lanes without a query have no gradient: their dout is 0.
      add_bias_gradients(&b, seen, ds, bias_sums);
    }
    if (o->dq) {
      format->multiply(
        width, k_columns, column_step, format->right_of_scores(ds, seen, copy), seen, dq, count);
      const __m512 both = _mm512_set1_ps(s->scale * kept), scale[2] = {both, both};
      copy_back(s, dq, scale, count, o->dq, at);
    }
  }
  if (format->end) format->end();
  if (o->dk) write_sums(o, item, s->scale * kept, dk, kept, joint ? dv : NULL, o->dk);
  if (o->dv && !joint) write_sums(o, item, kept, dv, 0, NULL, o->dv);
  if (dbias) {
    float *sums = dbias + item->head * s->distances;
    for (ptrdiff_t x = 0; x < bias_count; x++) {
      const ptrdiff_t distance = s->zero + keys - 1 - x;
      if (distance >= 0 && distance < s->distances) sums[distance] += kept * bias_sums[x];
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
