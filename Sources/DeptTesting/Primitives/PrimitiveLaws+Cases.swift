extension PrimitiveLaws {
  /// Every primitive of the engine: a new one gets its rows here and keeps all laws.
  public static let cases: [PrimitiveCase] =
    PrimitiveCase.products + PrimitiveCase.norms + PrimitiveCase.elementwise + PrimitiveCase.rows
    + PrimitiveCase.losses + PrimitiveCase.attention + PrimitiveCase.tiledAttention
    + PrimitiveCase.selfAttention
    + PrimitiveCase.projections + PrimitiveCase.sigmoids + PrimitiveCase.scalings
    + PrimitiveCase.columns + PrimitiveCase.sequences
}
