#include "kernels.h"
#include "vectorized.h"

typedef struct {
  ptrdiff_t width;
  float weight;
  const float *logits, *log_sum;
  const int32_t *target;
  float *out;
} operands;

VECTORIZED static void log_sum_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *row = o->logits + i * o->width;
    float largest = row[0];
    for (ptrdiff_t j = 1; j < o->width; j++) largest = row[j] > largest ? row[j] : largest;
    float sum = 0;
    for (ptrdiff_t j = 0; j < o->width; j++) sum += fast_exp(row[j] - largest);
    o->out[i] = largest + logf(sum);
  }
}

void dept_log_sum_exp(ptrdiff_t rows, ptrdiff_t width, const float *logits, float *log_sum) {
  operands o = {width, 0, logits, 0, 0, log_sum};
  dept_parallel(rows, 1 + 4096 / width, log_sum_body, &o);
}

VECTORIZED static void pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *row = o->logits + i * o->width;
    float *out = o->out + i * o->width;
    const float shift = o->log_sum[i];
    for (ptrdiff_t j = 0; j < o->width; j++) out[j] = o->weight * fast_exp(row[j] - shift);
    out[o->target[i]] -= o->weight;
  }
}

void dept_cross_entropy_pull(
  ptrdiff_t rows, ptrdiff_t width, float weight, const float *logits, const float *log_sum,
  const int32_t *target, float *dlogits) {
  operands o = {width, weight, logits, log_sum, target, dlogits};
  dept_parallel(rows, 1 + 4096 / width, pull_body, &o);
}
