package dev.turnout.encoder.minilm;

import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.wordpiece.TokenIds;
import dev.turnout.encoder.wordpiece.WordPieceTokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with its word pieces of all-MiniLM-L6-v2, which more than one reader needs: tokenizing is
 * most of what reading a text costs. Immutable as long as nobody writes to the array.
 *
 * @param text the text itself
 * @param tokens all of its token ids, without {@code [CLS]} and {@code [SEP]}
 */
public record MiniLmText(String text, int[] tokens) {

  /** Tokenizes a text; blank ones are allowed. */
  public static MiniLmText of(String text) {
    return new MiniLmText(text, tokenizer().tokenize(text));
  }

  /** Tokenizes several texts. */
  public static List<MiniLmText> of(List<String> texts) {
    TokenIds ids = new TokenIds();
    List<MiniLmText> tokenized = new ArrayList<>(texts.size());
    for (String text : texts) {
      ids.clear();
      tokenizer().tokenize(text, ids);
      tokenized.add(new MiniLmText(text, ids.toArray()));
    }
    return tokenized;
  }

  /** The tokenizer of the whole process, opened when it is first asked for. */
  public static WordPieceTokenizer tokenizer() {
    return Shared.TOKENIZER;
  }

  /** Opened by the class loader, once. */
  private static final class Shared {
    static final WordPieceTokenizer TOKENIZER =
        new WordPieceTokenizer(MiniLm.vocabulary(new Fingerprint()));
  }
}
