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
 * One that can do none of these says so by {@code text}.
 *
 * @param named in lower case, with hyphens
 * @param listed whether any of the standard ones is named
 */
public record Capabilities(Set<String> named, boolean listed) {
  private static final Set<String> ASSUMED = Set.of("tools", "json-schema");
  private static final Set<String> STANDARD =
      Set.of("text", "tools", "json-schema", "vision", "audio", "document");

  public Capabilities {
    named = Set.copyOf(named);
  }

  /**
   * Those that a profile names.
   *
   * @param tags in any case
   */
  public static Capabilities of(Collection<String> tags) {
    Set<String> named = tags.stream().map(Capabilities::normal).collect(Collectors.toSet());
    return new Capabilities(named, named.stream().anyMatch(STANDARD::contains));
  }

  /** What an LLM lacks, in words; null when it lacks nothing. */
  public @Nullable String lack(Set<String> needed) {
    if (needed.isEmpty()) {
      return null;
    }
    TreeSet<String> lacking = new TreeSet<>();
    for (String need : needed) {
      String name = normal(need);
      if (!named.contains(name) && (listed || !ASSUMED.contains(name))) {
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
