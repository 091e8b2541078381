// Cross-entropy against another model's distribution: nothing as wide as the vocabulary is stored
// but the gradient.
#include "kernels.h"
#include "vectorized.h"

typedef struct {
  ptrdiff_t width;
  float sharpness, weight;
  const float *logits, *targets;
  float *loss, *log_sum, *target_log_sum, *dlogits;
} operands;

/// `log Σ_j exp(sharpness · row[j])`.
INLINE float scaled_log_sum(ptrdiff_t width, float sharpness, const float *row) {
  FAST_REDUCTIONS
  float largest = row[0], sum = 0;
  for (ptrdiff_t j = 1; j < width; j++) largest = row[j] > largest ? row[j] : largest;
  for (ptrdiff_t j = 0; j < width; j++) sum += fast_exp(sharpness * (row[j] - largest));
  return sharpness * largest + logf(sum);
}

VECTORIZED static void loss_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  FAST_REDUCTIONS
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *logits = o->logits + i * o->width, *targets = o->targets + i * o->width;
    const float sum = scaled_log_sum(o->width, o->sharpness, logits);
    const float target_sum = scaled_log_sum(o->width, o->sharpness, targets);
    float loss = 0;
    for (ptrdiff_t j = 0; j < o->width; j++)
      loss += fast_exp(o->sharpness * targets[j] - target_sum) * (sum - o->sharpness * logits[j]);
    o->loss[i] = loss;
    o->log_sum[i] = sum;
    o->target_log_sum[i] = target_sum;
  }
}

void dept_soft_cross_entropy(
  ptrdiff_t rows, ptrdiff_t width, float sharpness, const float *logits, const float *targets,
  float *loss, float *log_sum, float *target_log_sum) {
  operands o = {width, sharpness, 0, logits, targets, loss, log_sum, target_log_sum, 0};
  dept_parallel(rows, 1 + 2048 / width, loss_body, &o);
}

VECTORIZED static void pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *logits = o->logits + i * o->width, *targets = o->targets + i * o->width;
    float *dlogits = o->dlogits + i * o->width;
    const float sum = o->log_sum[i], target_sum = o->target_log_sum[i];
    for (ptrdiff_t j = 0; j < o->width; j++)
      dlogits[j] = o->weight * (fast_exp(o->sharpness * logits[j] - sum)
                                - fast_exp(o->sharpness * targets[j] - target_sum));
  }
}

void dept_soft_cross_entropy_pull(
  ptrdiff_t rows, ptrdiff_t width, float sharpness, float weight, const float *logits,
  const float *log_sum, const float *targets, const float *target_log_sum, float *dlogits) {
  operands o = {
    width, sharpness, weight, logits, targets, 0, (float *)log_sum, (float *)target_log_sum,
    dlogits};
  dept_parallel(rows, 1 + 2048 / width, pull_body, &o);
}
