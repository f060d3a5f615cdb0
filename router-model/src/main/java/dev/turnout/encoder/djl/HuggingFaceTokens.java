package dev.turnout.encoder.djl;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.batch.TextTokens;
import dev.turnout.encoder.wordpiece.TokenIds;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Tokens of any model that brings a {@code tokenizer.json}. */
public final class HuggingFaceTokens implements TextTokens {
  private final HuggingFaceTokenizer tokenizer;

  private HuggingFaceTokens(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Reads a tokenizer.
   *
   * @param url URL or path of its {@code tokenizer.json}
   * @throws EncoderException if it cannot be read
   */
  public static HuggingFaceTokens open(String url, Fingerprint fingerprint) {
    DjlRuntime.prepare();
    try (InputStream json = fingerprint.reading(ModelLocation.of(url).uri().toURL().openStream())) {
      return new HuggingFaceTokens(
          HuggingFaceTokenizer.newInstance(
              json, Map.of("truncation", "false", "padding", "false")));
    } catch (IOException | RuntimeException e) {
      throw new EncoderException("encoder: tokenizerUrl " + url + " cannot be read: " + e, e);
    }
  }

  @Override
  public int[] of(String text, int maxTokens) {
    Encoding encoding = tokenizer.encode(text);
    long[] ids = encoding.getIds();
    long[] special = encoding.getSpecialTokenMask();
    int head = 0;
    while (head < ids.length && special[head] == 1) {
      head++;
    }
    int tail = 0;
    while (tail < ids.length - head && special[ids.length - 1 - tail] == 1) {
      tail++;
    }
    TokenIds body = new TokenIds();
    for (int i = head; i < ids.length - tail; i++) {
      body.add(Math.toIntExact(ids[i]));
    }
    body.keepHeadAndTail(Math.max(1, maxTokens - head - tail));
    int[] tokens = new int[head + body.size() + tail];
    for (int i = 0; i < head; i++) {
      tokens[i] = Math.toIntExact(ids[i]);
    }
    body.copyTo(tokens, head);
    for (int i = 0; i < tail; i++) {
      tokens[head + body.size() + i] = Math.toIntExact(ids[ids.length - tail + i]);
    }
    return tokens;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
