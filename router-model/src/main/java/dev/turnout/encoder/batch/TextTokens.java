package dev.turnout.encoder.batch;

/** Texts to the tokens a transformer takes. Safe for use by several threads. */
public interface TextTokens extends AutoCloseable {

  /**
   * The tokens of {@code text} with the model's special tokens around them. A text longer than
   * {@code maxTokens}, specials included, keeps its head and its tail.
   */
  int[] of(String text, int maxTokens);

  @Override
  void close();
}
