package dev.turnout.encoder.transformer;

/** Texts to the tokens a transformer takes. Safe for use by several threads. */
interface TextTokens extends AutoCloseable {

  /**
   * The tokens of {@code text} with the model's special tokens around them. A text longer than
   * {@code maxTokens}, specials included, keeps its head and its tail.
   */
  int[] of(String text, int maxTokens);

  @Override
  void close();
}
