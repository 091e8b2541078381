// Softmax attention per sequence and head over packed rows. Probabilities live in a thread's own
// scratch and are never stored: backward recomputes them from the rows' log-sum-exp.
#include "attention.h"

static _Thread_local struct {
  float *memory;
  size_t bytes;
} scratch;

float *dept_attention_scratch(size_t count) {
  const size_t bytes = (count * sizeof(float) + 4095) & ~(size_t)4095;
  if (scratch.bytes < bytes) {
    free(scratch.memory);
    scratch.memory = aligned_alloc(4096, bytes);
    if (!scratch.memory) abort();
    scratch.bytes = bytes;
  }
  return scratch.memory;
}

static void forward_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const attention_operands *o = context;
  const dept_attention_shape *s = o->shape;
  for (ptrdiff_t index = begin; index < end; index++) {
    const attention_item item = attention_item_at(s, index / s->heads, index % s->heads);
    if (item.queries == 0 || item.keys == 0)
      attention_clear(s, item.queries, attention_at(s, o->result, item.query_offset));
    else if (dept_vectors())
      dept_tiled_attention(o, &item);
    else
      dept_library_attention(o, &item);
  }
}

void dept_attention(
  const dept_attention_shape *shape, const void *q, const void *k, const void *v, void *out,
  float *log_sum) {
  attention_operands o = {
    .shape = shape,
    .format = dept_attention_format(shape),
    .q = q,
    .k = k,
    .v = v,
    .result = out,
    .log_sum_result = log_sum};
  dept_parallel(shape->sequences * shape->heads, 1, forward_body, &o);
}

static void pull_item(
  const attention_operands *o, ptrdiff_t sequence, ptrdiff_t head, float *dbias) {
  const dept_attention_shape *s = o->shape;
  const attention_item item = attention_item_at(s, sequence, head);
  if (item.queries == 0 || item.keys == 0) {
    if (o->dq) attention_clear(s, item.queries, attention_at(s, o->dq, item.query_offset));
    if (o->dk) attention_clear(s, item.keys, attention_at(s, o->dk, item.key_offset));
    if (o->dv) attention_clear(s, item.keys, attention_at(s, o->dv, item.key_offset));
  } else if (dept_vectors()) {
    dept_tiled_attention_pull(o, &item, dbias);
  } else {
    dept_library_attention_pull(o, &item, dbias);
  }
}

static void pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const attention_operands *o = context;
  for (ptrdiff_t index = begin; index < end; index++)
    pull_item(o, index / o->shape->heads, index % o->shape->heads, 0);
}

// With a bias gradient, items are grouped by head: one thread owns a head's sums.
static void pull_heads_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const attention_operands *o = context;
  for (ptrdiff_t head = begin; head < end; head++)
    for (ptrdiff_t sequence = 0; sequence < o->shape->sequences; sequence++)
      pull_item(o, sequence, head, o->dbias);
}

void dept_attention_pull(
  const dept_attention_shape *shape, const void *q, const void *k, const void *v, const void *out,
  const float *log_sum, const void *dout, void *dq, void *dk, void *dv, float *dbias) {
  attention_operands o = {
    .shape = shape,
    .format = dept_attention_format(shape),
    .q = q,
    .k = k,
    .v = v,
    .out = out,
    .log_sum = log_sum,
    .dout = dout,
    .dq = dq,
    .dk = dk,
    .dv = dv,
    .dbias = dbias};
  // The library's heads write both gradients; where they are one, they are added up here.
  const bool joint = dk && dk == dv && !dept_vectors();
  ptrdiff_t count = 0;
  if (joint) {
    for (ptrdiff_t i = 0; i < shape->sequences; i++) {
      const ptrdiff_t end = (ptrdiff_t)shape->key_start[i] + shape->key_length[i];
      count = end > count ? end : count;
    }
    count *= shape->heads * shape->head_width;
    o.dv = malloc((size_t)count * sizeof(float));
    if (!o.dv) abort();
  }
  if (dbias)
    dept_parallel(shape->heads, 1, pull_heads_body, &o);
  else
    dept_parallel(shape->sequences * shape->heads, 1, pull_body, &o);
  if (joint) {
    dept_add(count, dk, o.dv, dk);
    free(o.dv);
  }
}
