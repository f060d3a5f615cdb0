package dev.turnout.control.llm;

import dev.turnout.availability.Unavailable;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The LLMs that exist, by id; a retired one is not among them. Immutable. The order is that of the
 * ids, so that all routers agree.
 */
public final class LlmDirectory {
  private static final LlmDirectory EMPTY = new LlmDirectory(Map.of());

  private final Map<String, RegisteredLlm> llms;

  private LlmDirectory(Map<String, RegisteredLlm> llms) {
    this.llms = llms;
  }

  /** A directory without LLMs. */
  public static LlmDirectory empty() {
    return EMPTY;
  }

  /** A directory of these LLMs. */
  public static LlmDirectory of(Collection<RegisteredLlm> llms) {
    Map<String, RegisteredLlm> byId = new TreeMap<>();
    for (RegisteredLlm llm : llms) {
      byId.put(llm.profile().getId(), llm);
    }
    return new LlmDirectory(byId);
  }

  /**
   * The same LLMs with what is known of their workers.
   *
   * @param unavailable why an LLM cannot answer, by id
   */
  public LlmDirectory with(Map<String, Unavailable> unavailable) {
    if (unavailable.isEmpty()) {
      return this;
    }
    return of(
        llms.values().stream()
            .map(
                llm -> {
                  Unavailable why = unavailable.get(llm.profile().getId());
                  return new RegisteredLlm(
                      llm.profile(),
                      llm.obstacle(),
                      why != null && why.holdsFor(llm.profile()) ? why.text() : null,
                      llm.batch());
                })
            .toList());
  }

  /** The LLM of an id; null when it is unknown or retired. */
  public @Nullable RegisteredLlm find(String id) {
    return llms.get(id);
  }

  /** All LLMs, ordered by id. */
  public Collection<RegisteredLlm> all() {
    return Collections.unmodifiableCollection(llms.values());
  }

  /** Whether an LLM is unknown or retired, or its workers cannot have it answer. */
  public boolean isOutOfService(String id) {
    RegisteredLlm llm = llms.get(id);
    return llm == null || llm.unavailable() != null;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return llms.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LlmDirectory directory && llms.equals(directory.llms);
  }

  @Override
  public int hashCode() {
    return llms.hashCode();
  }
}
