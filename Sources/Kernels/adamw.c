#include "kernels.h"
#include "vectorized.h"

typedef struct {
  float rate, beta1, beta2, epsilon, decay, correction1, root_correction2, gradient_scale;
  const float *gradient;
  float *value, *first, *second;
} operands;

VECTORIZED static void body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands o = *(const operands *)context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float g = o.gradient[i] * o.gradient_scale;
    const float first = o.beta1 * o.first[i] + (1.0f - o.beta1) * g;
    const float second = o.beta2 * o.second[i] + (1.0f - o.beta2) * g * g;
    o.first[i] = first;
    o.second[i] = second;
    const float root = sqrtf(second) / o.root_correction2 + o.epsilon;
    o.value[i] = o.value[i] * (1.0f - o.rate * o.decay) - o.rate / o.correction1 * first / root;
  }
}

void dept_adamw(
  ptrdiff_t count, float learning_rate, float beta1, float beta2, float epsilon,
  float weight_decay, int64_t step, float gradient_scale, const float *gradient, float *value,
  float *first, float *second) {
  const double t = (double)step;
  operands o = {
    learning_rate, beta1, beta2, epsilon, weight_decay, (float)(1.0 - pow((double)beta1, t)),
    (float)sqrt(1.0 - pow((double)beta2, t)), gradient_scale, gradient, value, first, second};
  dept_parallel(count, 8192, body, &o);
}
