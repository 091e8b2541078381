// Attention by the library's products and plain loops: for processors without AVX-512.
#include "attention.h"

#include <cblas.h>

/// The keys that query `i` may see.
INLINE ptrdiff_t visible(const dept_attention_shape *s, const attention_item *item, ptrdiff_t i) {
  if (!s->causal) return item->keys;
  const ptrdiff_t count = item->position + i + 1;
  return count < item->keys ? count : item->keys;
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
  const dept_attention_shape *s, const attention_item *item, float *p) {
  const ptrdiff_t queries = item->queries, keys = item->keys;
  const float *bias = s->bias + item->head * s->distances + s->zero;
  for (ptrdiff_t i = 0; i < queries; i++) {
    const float *row = bias - (item->position + i);
    float *score = p + i * keys;
    for (ptrdiff_t j = 0; j < keys; j++) score[j] += row[j];
  }
}

/// Scores become probabilities; the row's log-sum-exp is written with a stride of `heads`.
VECTORIZED static void softmax(
  const dept_attention_shape *s, const attention_item *item, float *p, float *log_sum) {
  FAST_REDUCTIONS
  const ptrdiff_t queries = item->queries, keys = item->keys;
  for (ptrdiff_t i = 0; i < queries; i++) {
    float *row = p + i * keys;
    const ptrdiff_t count = visible(s, item, i);
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
  const dept_attention_shape *s, const attention_item *item, float *p, const float *log_sum) {
  const ptrdiff_t queries = item->queries, keys = item->keys;
  for (ptrdiff_t i = 0; i < queries; i++) {
    float *row = p + i * keys;
    const ptrdiff_t count = visible(s, item, i);
    const float shift = log_sum[i * s->heads];
    for (ptrdiff_t j = 0; j < count; j++) row[j] = fast_exp(row[j] - shift);
    for (ptrdiff_t j = count; j < keys; j++) row[j] = 0;
  }
}

/// `out = p` with the stateless mask of this head's rows applied.
VECTORIZED static void drop(
  const dept_attention_shape *s, const attention_item *item, const float *p, float *out) {
  const uint32_t threshold = mask_threshold(s->dropout);
  const float scale = 1.0f / (1.0f - s->dropout);
  const uint64_t key = s->key;
  const ptrdiff_t keys = item->keys;
  for (ptrdiff_t i = 0; i < item->queries; i++) {
    const uint64_t word = (attention_mask_row(s, item, i & ~(ptrdiff_t)31) >> 5) * 16;
    const uint32_t shift = (i & 16) ? 16 : 0;
    for (ptrdiff_t j = 0; j < keys; j++) {
      const uint32_t bits = mask_word(key, word + (uint64_t)(j * 16 + (i & 15)));
      out[i * keys + j] = ((bits >> shift) & 0xFFFF) >= threshold ? p[i * keys + j] * scale : 0.0f;
    }
  }
}

void dept_library_attention(const attention_operands *o, const attention_item *item) {
  const dept_attention_shape *s = o->shape;
  const ptrdiff_t stride = s->heads * s->head_width;
  const ptrdiff_t queries = item->queries, keys = item->keys;
  float *p = dept_attention_scratch((size_t)(queries * keys));
  const float *q = o->q, *k = o->k, *v = o->v;
  scores(s, queries, keys, q + item->query_offset, k + item->key_offset, p);
  if (s->bias) add_bias(s, item, p);
  softmax(s, item, p, o->log_sum_result + item->first * s->heads + item->head);
  if (s->dropout > 0) drop(s, item, p, p);
  cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)queries, (int)s->head_width, (int)keys, 1.0f, p,
    (int)keys, v + item->key_offset, (int)stride, 0.0f, (float *)o->result + item->query_offset,
    (int)stride);
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

void dept_library_attention_pull(
  const attention_operands *o, const attention_item *item, float *dbias) {
  const dept_attention_shape *s = o->shape;
  const int stride = (int)(s->heads * s->head_width), width = (int)s->head_width;
  const ptrdiff_t queries = item->queries, keys = item->keys, head = item->head;
  const ptrdiff_t first = item->first, row = item->query_offset, key_row = item->key_offset;
  const bool dropping = s->dropout > 0;
  const size_t area = (size_t)(queries * keys);
  const float *q = o->q, *k = o->k, *v = o->v, *out = o->out, *dout = o->dout;
  float *dq = o->dq, *dk = o->dk, *dv = o->dv;
  float *p = dept_attention_scratch(area * (dropping ? 3 : 2));
  float *dp = p + area, *dropped = dropping ? dp + area : p;
  scores(s, queries, keys, q + row, k + key_row, p);
  if (s->bias) add_bias(s, item, p);
  probabilities(s, item, p, o->log_sum + first * s->heads + head);
  if (dropping) drop(s, item, p, dropped);
  if (dv)
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, (int)keys, width, (int)queries, 1.0f, dropped,
      (int)keys, dout + row, stride, 0.0f, dv + key_row, stride);
  if (!dq && !dk && !dbias) return;
  cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasTrans, (int)queries, (int)keys, width, 1.0f, dout + row,
    stride, v + key_row, stride, 0.0f, dp, (int)keys);
  if (dropping) drop(s, item, dp, dp);
  score_gradients(s, queries, keys, p, out + row, dout + row, dp);
  if (dbias) {
    float *sum = dbias + head * s->distances + s->zero;
    for (ptrdiff_t i = 0; i < queries; i++)
      for (ptrdiff_t j = 0; j < keys; j++) sum[j - item->position - i] += dp[i * keys + j];
  }
  if (dq)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)queries, width, (int)keys, s->scale, dp,
      (int)keys, k + key_row, stride, 0.0f, dq + row, stride);
  if (dk)
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, (int)keys, width, (int)queries, s->scale, dp,
      (int)keys, q + row, stride, 0.0f, dk + key_row, stride);
}
