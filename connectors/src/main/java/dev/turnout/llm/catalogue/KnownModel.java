package dev.turnout.llm.catalogue;

import dev.turnout.llm.TokenPrices;
import dev.turnout.llm.http.Dialect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A well-known model.
 *
 * @param id as its maker calls it
 * @param aliases other names of it, e.g. with a date, or of a server that runs it
 * @param dialect what its maker's, or the usual, server speaks
 * @param inputUsdPerMillionTokens list price of 1M prompt tokens; null of open weights, whose price
 *     is the server's
 * @param outputUsdPerMillionTokens list price of 1M answer tokens
 * @param cachedInputUsdPerMillionTokens list price of 1M prompt tokens from the cache; null when it
 *     is not known
 * @param contextWindow largest prompt in tokens
 * @param maxOutputTokens longest answer in tokens; null when it is not known
 * @param capabilities of {@code tools}, {@code vision}, {@code audio}, {@code json-schema}
 */
public record KnownModel(
    String id,
    List<String> aliases,
    Dialect dialect,
    @Nullable Double inputUsdPerMillionTokens,
    @Nullable Double outputUsdPerMillionTokens,
    @Nullable Double cachedInputUsdPerMillionTokens,
    long contextWindow,
    @Nullable Long maxOutputTokens,
    List<String> capabilities) {

  /** Copies the lists. */
  public KnownModel {
    aliases = List.copyOf(aliases);
    capabilities = List.copyOf(capabilities);
  }

  /** Its prices; null when it has none. */
  public @Nullable TokenPrices prices() {
    return inputUsdPerMillionTokens == null || outputUsdPerMillionTokens == null
        ? null
        : new TokenPrices(
            inputUsdPerMillionTokens, outputUsdPerMillionTokens, cachedInputUsdPerMillionTokens);
  }
}
