package dev.turnout.gateway.conversation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import dev.turnout.topic.TextDigest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which LLM answered last in each conversation, as far as this gateway knows: another one does not,
 * and neither does this one after a restart, unless the client says it with {@code
 * x-turnout-previous-llm}. Bounded in number and time. Safe for use by several threads.
 */
public final class Sessions {
  private static final int MOST = 100_000;

  /** Providers forget their caches long before. */
  private static final Duration REMEMBERED = Duration.ofHours(6);

  private final Cache<String, String> lastLlm =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).build();

  /**
   * The id of a conversation.
   *
   * @param named as the client names it; null takes a digest of what it began with
   */
  public static String id(String tenant, @Nullable String named, ReadConversation conversation) {
    if (named == null) {
      return TextDigest.shortOf(tenant + "\n" + conversation.beginning());
    }
    return BoundedText.bytes(named) <= FieldLimits.SESSION ? named : TextDigest.shortOf(named);
  }

  /** Remembers who answered. */
  public void answered(String tenant, String session, String llm) {
    lastLlm.put(key(tenant, session), llm);
  }

  /** Who answered last. */
  public Optional<String> previousLlm(String tenant, String session) {
    return Optional.ofNullable(lastLlm.getIfPresent(key(tenant, session)));
  }

  private static String key(String tenant, String session) {
    return tenant + "\n" + session;
  }
}
