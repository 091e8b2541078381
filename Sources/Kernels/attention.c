// Softmax attention per sequence and head over packed rows. Probabilities live in a thread's own
// scratch and are never stored: backward recomputes them from the rows' log-sum-exp.
#include "kernels.h"
#include "vectorized.h"

#include <cblas.h>
#include <stdlib.h>

typedef struct {
  const dept_attention_shape *shape;
  const float *q, *k, *v, *out, *log_sum, *dout;
  float *result, *log_sum_result, *dq, *dk, *dv, *dbias;
} operands;

static _Thread_local struct {
  float *memory;
  size_t capacity;
} scratch;

static float *scratch_floats(size_t count) {
  if (scratch.capacity < count) {
    free(scratch.memory);
    scratch.memory = aligned_alloc(64, (count * sizeof(float) + 4095) & ~(size_t)4095);
    if (!scratch.memory) abort();
    scratch.capacity = count;
  }
  return scratch.memory;
}

/// The keys that query `i` may see.
INLINE ptrdiff_t visible(const dept_attention_shape *s, ptrdiff_t i, ptrdiff_t keys) {
  if (!s->causal) return keys;
  const ptrdiff_t count = s->query_position + i + 1;
  return count < keys ? count : keys;
}

/// Zeros in one head's columns of `rows` rows: what a sequence without queries or keys gets.
static void clear(const dept_attention_shape *s, ptrdiff_t rows, float *first) {
  const ptrdiff_t stride = s->heads * s->head_width;
  for (ptrdiff_t i = 0; i < rows; i++)
    memset(first + i * stride, 0, (size_t)s->head_width * sizeof(float));
}

static void scores(
  const dept_attention_shape *s, ptrdiff_t queries, ptrdiff_t keys, const float *q,
  const float *k, float *out) {
  const int stride = (int)(s->heads * s->head_width);
  cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasTrans, (int)queries, (int)keys, (int)s->head_width,
    s->scale, q, stride, k, stride, 0.0f, out, (int)keys);
}

VECTORIZED static void add_bias(
  const dept_attention_shape *s, ptrdiff_t head, ptrdiff_t queries, ptrdiff_t keys, float *p) {
  const float *bias = s->bias + head * s->distances + s->zero;
  for (ptrdiff_t i = 0; i < queries; i++) {
    const float *row = bias - (s->query_position + i);
    float *score = p + i * keys;
    for (ptrdiff_t j = 0; j < keys; j++) score[j] += row[j];
  }
}

/// Scores become probabilities; the row's log-sum-exp is written with a stride of `heads`.
VECTORIZED static void softmax(
  const dept_attention_shape *s, ptrdiff_t queries, ptrdiff_t keys, float *p, float *log_sum) {
  FAST_REDUCTIONS
  for (ptrdiff_t i = 0; i < queries; i++) {
    float *row = p + i * keys;
    const ptrdiff_t count = visible(s, i, keys);
    float largest = row[0];
    for (ptrdiff_t j = 1; j < count; j++) largest = row[j] > largest ? row[j] : largest;
    float sum = 0;
    for (ptrdiff_t j = 0; j < count; j++) {
      const float e = fast_exp(row[j] - largest);
      row[j] = e;
      sum += e;
    }
    const float inverse = 1.0f / sum;
    for (ptrdiff_t j = 0; j < count; j++) row[j] *= inverse;
    for (ptrdiff_t j = count; j < keys; j++) row[j] = 0;
    log_sum[i * s->heads] = largest + logf(sum);
  }
}

VECTORIZED static void probabilities(
  const dept_attention_shape *s, ptrdiff_t queries, ptrdiff_t keys, float *p,
  const float *log_sum) {
  for (ptrdiff_t i = 0; i < queries; i++) {
    float *row = p + i * keys;
    const ptrdiff_t count = visible(s, i, keys);
    const float shift = log_sum[i * s->heads];
    for (ptrdiff_t j = 0; j < count; j++) row[j] = fast_exp(row[j] - shift);
    for (ptrdiff_t j = count; j < keys; j++) row[j] = 0;
  }
}

/// `out = p` with the stateless mask of this head's rows applied; `first` is the first query's row.
VECTORIZED static void drop(
  const dept_attention_shape *s, ptrdiff_t head, ptrdiff_t first, ptrdiff_t queries,
  ptrdiff_t keys, const float *p, float *out) {
  const uint32_t threshold = drop_threshold(s->dropout);
  const float keep = 1.0f / (1.0f - s->dropout);
  const uint64_t key = s->key;
  for (ptrdiff_t i = 0; i < queries; i++) {
    const uint64_t counter = ((uint64_t)(first + i) * (uint64_t)s->heads + (uint64_t)head) << 20;
    for (ptrdiff_t j = 0; j < keys; j++)
      out[i * keys + j] =
        mask_bits(key, counter + (uint64_t)j) >= threshold ? p[i * keys + j] * keep : 0.0f;
  }
}

static void forward_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const dept_attention_shape *s = o->shape;
  const ptrdiff_t stride = s->heads * s->head_width;
  for (ptrdiff_t item = begin; item < end; item++) {
    const ptrdiff_t sequence = item / s->heads, head = item % s->heads;
    const ptrdiff_t queries = s->query_length[sequence], keys = s->key_length[sequence];
    const ptrdiff_t first = s->query_start[sequence];
    const ptrdiff_t row = first * stride + head * s->head_width;
    const ptrdiff_t key_row = (ptrdiff_t)s->key_start[sequence] * stride + head * s->head_width;
    if (queries == 0 || keys == 0) {
      clear(s, queries, o->result + row);
      continue;
    }
    float *p = scratch_floats((size_t)(queries * keys));
    scores(s, queries, keys, o->q + row, o->k + key_row, p);
    if (s->bias) add_bias(s, head, queries, keys, p);
    softmax(s, queries, keys, p, o->log_sum_result + first * s->heads + head);
    if (s->dropout > 0) drop(s, head, first, queries, keys, p, p);
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)queries, (int)s->head_width, (int)keys, 1.0f,
      p, (int)keys, o->v + key_row, (int)stride, 0.0f, o->result + row, (int)stride);
  }
}

void dept_attention(
  const dept_attention_shape *shape, const float *q, const float *k, const float *v, float *out,
  float *log_sum) {
  operands o = {shape, q, k, v, 0, 0, 0, out, log_sum, 0, 0, 0, 0};
  dept_parallel(shape->sequences * shape->heads, 1, forward_body, &o);
}

/// `ds = p · (dp − D)`, in place of `dp`; `D[i] = dout[i] · out[i]`.
VECTORIZED static void score_gradients(
  const dept_attention_shape *s, ptrdiff_t queries, ptrdiff_t keys, const float *p,
  const float *out, const float *dout, float *dp) {
  FAST_REDUCTIONS
  const ptrdiff_t stride = s->heads * s->head_width;
  for (ptrdiff_t i = 0; i < queries; i++) {
    float dot = 0;
    for (ptrdiff_t j = 0; j < s->head_width; j++) dot += out[i * stride + j] * dout[i * stride + j];
    const float *probability = p + i * keys;
    float *gradient = dp + i * keys;
    for (ptrdiff_t j = 0; j < keys; j++) gradient[j] = probability[j] * (gradient[j] - dot);
  }
}

static void backward_item(
  const operands *o, ptrdiff_t sequence, ptrdiff_t head, float *dbias) {
  const dept_attention_shape *s = o->shape;
  const int stride = (int)(s->heads * s->head_width), width = (int)s->head_width;
  const ptrdiff_t queries = s->query_length[sequence], keys = s->key_length[sequence];
  const ptrdiff_t first = s->query_start[sequence];
  const ptrdiff_t row = first * stride + head * width;
  const ptrdiff_t key_row = (ptrdiff_t)s->key_start[sequence] * stride + head * width;
  if (queries == 0 || keys == 0) {
    if (o->dq) clear(s, queries, o->dq + row);
    if (o->dk) clear(s, keys, o->dk + key_row);
    if (o->dv) clear(s, keys, o->dv + key_row);
    return;
  }
  const bool dropping = s->dropout > 0;
  const size_t area = (size_t)(queries * keys);
  float *p = scratch_floats(area * (dropping ? 3 : 2));
  float *dp = p + area, *dropped = dropping ? dp + area : p;
  scores(s, queries, keys, o->q + row, o->k + key_row, p);
  if (s->bias) add_bias(s, head, queries, keys, p);
  probabilities(s, queries, keys, p, o->log_sum + first * s->heads + head);
  if (dropping) drop(s, head, first, queries, keys, p, dropped);
  if (o->dv)
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, (int)keys, width, (int)queries, 1.0f, dropped,
      (int)keys, o->dout + row, stride, 0.0f, o->dv + key_row, stride);
  if (!o->dq && !o->dk && !dbias) return;
  cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasTrans, (int)queries, (int)keys, width, 1.0f, o->dout + row,
    stride, o->v + key_row, stride, 0.0f, dp, (int)keys);
  if (dropping) drop(s, head, first, queries, keys, dp, dp);
  score_gradients(s, queries, keys, p, o->out + row, o->dout + row, dp);
  if (dbias) {
    float *sum = dbias + head * s->distances + s->zero;
    for (ptrdiff_t i = 0; i < queries; i++)
      for (ptrdiff_t j = 0; j < keys; j++) sum[j - s->query_position - i] += dp[i * keys + j];
  }
  if (o->dq)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)queries, width, (int)keys, s->scale, dp,
      (int)keys, o->k + key_row, stride, 0.0f, o->dq + row, stride);
  if (o->dk)
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, (int)keys, width, (int)queries, s->scale, dp,
      (int)keys, o->q + row, stride, 0.0f, o->dk + key_row, stride);
}

static void backward_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t item = begin; item < end; item++)
    backward_item(o, item / o->shape->heads, item % o->shape->heads, 0);
}

// With a bias gradient, items are grouped by head: one thread owns a head's sums.
static void backward_heads_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t head = begin; head < end; head++)
    for (ptrdiff_t sequence = 0; sequence < o->shape->sequences; sequence++)
      backward_item(o, sequence, head, o->dbias);
}

void dept_attention_pull(
  const dept_attention_shape *shape, const float *q, const float *k, const float *v,
  const float *out, const float *log_sum, const float *dout, float *dq, float *dk, float *dv,
  float *dbias) {
  operands o = {shape, q, k, v, out, log_sum, dout, 0, 0, dq, dk, dv, dbias};
  if (dbias)
    dept_parallel(shape->heads, 1, backward_heads_body, &o);
  else
    dept_parallel(shape->sequences * shape->heads, 1, backward_body, &o);
}
