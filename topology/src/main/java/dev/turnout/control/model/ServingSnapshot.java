package dev.turnout.control.model;

import dev.turnout.control.llm.LlmDirectory;
import dev.turnout.model.RouterModel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a router routes by at one moment: models and LLMs that belong together. Immutable.
 *
 * @param model the promoted model, with the LLMs placed by onboarding; null before the first
 * @param canary a staged model; null when none is on trial
 * @param rollout both by the events of the models topic
 * @param directory the LLMs that exist
 */
public record ServingSnapshot(
    @Nullable RouterModel model,
    @Nullable RouterModel canary,
    Rollout rollout,
    LlmDirectory directory) {

  /** Before anything is known. */
  public static ServingSnapshot nothing() {
    return new ServingSnapshot(null, null, Rollout.nothing(), LlmDirectory.empty());
  }

  /** Share of the queries that the canary serves, 0..1. */
  double canaryShare() {
    return rollout.canaryShare();
  }

  /** The staged model that is scored beside the serving one but decides nothing; null without. */
  public @Nullable RouterModel shadow() {
    return canaryShare() == 0 ? canary : null;
  }

  /** The model that serves a query: by hash of its id, so every router agrees; null before any. */
  public @Nullable RouterModel modelFor(String queryId) {
    if (canary != null && position(queryId) < canaryShare()) {
      return canary;
    }
    return model;
  }

  /** A query's fixed place in 0..1, from 53 bits of FNV-1a over the id, finished by a mix. */
  static double position(String queryId) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : queryId.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return ((hash ^ (hash >>> 33)) >>> 11) * 0x1p-53;
  }
}
