package dev.turnout.encoder.batch;

import dev.turnout.encoder.wordpiece.TokenIds;
import dev.turnout.encoder.wordpiece.WordPieceTokenizer;
import dev.turnout.encoder.wordpiece.WordPieceVocabulary;

/** Tokens of BERT models: {@code [CLS] … [SEP]}. */
public final class WordPieceTokens implements TextTokens {
  private final WordPieceTokenizer tokenizer;

  public WordPieceTokens(WordPieceVocabulary vocabulary) {
    this.tokenizer = new WordPieceTokenizer(vocabulary);
  }

  @Override
  public int[] of(String text, int maxTokens) {
    TokenIds ids = new TokenIds();
    tokenizer.tokenize(text, ids);
    ids.keepHeadAndTail(maxTokens - 2);
    int[] tokens = new int[ids.size() + 2];
    tokens[0] = tokenizer.vocabulary().cls();
    ids.copyTo(tokens, 1);
    tokens[tokens.length - 1] = tokenizer.vocabulary().sep();
    return tokens;
  }

  @Override
  public void close() {}
}
