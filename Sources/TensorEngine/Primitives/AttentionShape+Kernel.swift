import Kernels

extension AttentionShape {
  /// Calls `body` with what kernels want to know of an attention over rows of `width`.
  ///
  /// - Parameter element: the type of all rows.
  func withKernelShape(
    _ width: Int, _ bias: Tensor?, _ distances: DistanceBias,
    element: dept_element = DEPT_FLOAT32, _ body: (UnsafePointer<dept_attention_shape>) -> Void
  ) {
    queries.starts.withUnsafeBufferPointer { queryStart in
      queries.lengths.withUnsafeBufferPointer { queryLength in
        keys.starts.withUnsafeBufferPointer { keyStart in
          keys.lengths.withUnsafeBufferPointer { keyLength in
            var shape = dept_attention_shape(
              sequences: queries.count, query_start: queryStart.baseAddress,
              query_length: queryLength.baseAddress, key_start: keyStart.baseAddress,
              key_length: keyLength.baseAddress, heads: headCount,
              head_width: width / headCount, scale: scale, causal: isCausal,
              query_position: queryPosition, ends_together: endsTogether,
              bias: bias?.pointer, distances: distances.count, zero: distances.zero,
              dropout: dropout, key: dropoutKey.value, dropout_row: dropoutRow,
              rounding: roundsOperands, element: element)
            body(&shape)
          }
        }
      }
    }
  }
}
