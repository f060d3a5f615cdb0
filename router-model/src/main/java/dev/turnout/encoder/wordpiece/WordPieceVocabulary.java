package dev.turnout.encoder.wordpiece;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.encoder.EncoderException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@code tokenizer.json} of a lower-casing BERT model says.
 *
 * @param tokens token text to id
 * @param added tokens that are recognised in the raw text, e.g. {@code [SEP]}
 * @param unknown id of {@code [UNK]}
 * @param cls id of {@code [CLS]}
 * @param sep id of {@code [SEP]}
 * @param continuationPrefix prefix of tokens inside a word, {@code ##}
 * @param longestWord words of more code points become {@code [UNK]}
 */
public record WordPieceVocabulary(
    Map<String, Integer> tokens,
    List<String> added,
    int unknown,
    int cls,
    int sep,
    String continuationPrefix,
    int longestWord) {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

  public WordPieceVocabulary {
    tokens = Map.copyOf(tokens);
    added = List.copyOf(added);
  }

  /** Whether a token stands for what follows inside a word. */
  boolean isContinuation(String token) {
    return token.length() > continuationPrefix.length() && token.startsWith(continuationPrefix);
  }

  /**
   * Reads a {@code tokenizer.json}; the stream is left open.
   *
   * @param origin names the file in errors
   * @throws EncoderException if it is not a lower-casing BERT WordPiece tokenizer
   */
  public static WordPieceVocabulary read(InputStream json, String origin) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      throw new EncoderException(origin + ": not readable as JSON: " + e.getMessage(), e);
    }
    require(origin, "model.type", root.at("/model/type").asText(), "WordPiece");
    require(origin, "normalizer.type", root.at("/normalizer/type").asText(), "BertNormalizer");
    require(origin, "normalizer.lowercase", root.at("/normalizer/lowercase").asText(), "true");
    require(
        origin, "pre_tokenizer.type", root.at("/pre_tokenizer/type").asText(), "BertPreTokenizer");
    Map<String, Integer> tokens = new HashMap<>();
    root.at("/model/vocab")
        .properties()
        .forEach(token -> tokens.put(token.getKey(), token.getValue().asInt()));
    List<String> added = new ArrayList<>();
    root.at("/added_tokens").forEach(token -> added.add(token.path("content").asText()));
    return new WordPieceVocabulary(
        tokens,
        added,
        id(origin, tokens, root.at("/model/unk_token").asText("[UNK]")),
        id(origin, tokens, "[CLS]"),
        id(origin, tokens, "[SEP]"),
        root.at("/model/continuing_subword_prefix").asText("##"),
        root.at("/model/max_input_chars_per_word").asInt(100));
  }

  private static void require(String origin, String field, String actual, String expected) {
    if (!actual.equals(expected)) {
      throw new EncoderException(
          origin + ": " + field + " is \"" + actual + "\", but only \"" + expected + "\" is read");
    }
  }

  private static int id(String origin, Map<String, Integer> tokens, String token) {
    Integer id = tokens.get(token);
    if (id == null) {
      throw new EncoderException(origin + ": model.vocab has no token " + token);
    }
    return id;
  }
}
