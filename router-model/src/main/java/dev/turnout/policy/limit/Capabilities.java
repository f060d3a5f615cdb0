package dev.turnout.policy.limit;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether an LLM can do what a query needs, by the tags of its profile.
 *
 * <p>What an LLM needs other inputs for (vision, audio, document), or is a tag of a user's own, its
 * profile must name. Tools and JSON schemas most LLMs take and few profiles mention: they are
 * assumed until the profile names any of the standard capabilities, which says that it lists them.
 */
public final class Capabilities {
  private static final Set<String> ASSUMED = Set.of("tools", "json-schema");
  private static final Set<String> STANDARD =
      Set.of("tools", "json-schema", "vision", "audio", "document");

  private Capabilities() {}

  /**
   * What an LLM lacks, in words; null when it lacks nothing.
   *
   * @param named tags of its profile, in any case
   */
  public static @Nullable String lack(Collection<String> named, Set<String> needed) {
    if (needed.isEmpty()) {
      return null;
    }
    Set<String> has = named.stream().map(Capabilities::normal).collect(Collectors.toSet());
    boolean listed = has.stream().anyMatch(STANDARD::contains);
    TreeSet<String> lacking = new TreeSet<>();
    for (String need : needed) {
      String name = normal(need);
      if (!has.contains(name) && (listed || !ASSUMED.contains(name))) {
        lacking.add(name);
      }
    }
    return lacking.isEmpty()
        ? null
        : "its profile does not name " + String.join(" and ", List.copyOf(lacking));
  }

  private static String normal(String tag) {
    return tag.strip().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
