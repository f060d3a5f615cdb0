package dev.turnout.telemetry;

import dev.turnout.access.Role;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One metric of {@code /metrics}.
 *
 * @param name as Prometheus shows it; of a histogram or summary without {@code _count} and the like
 * @param unit in words; empty for a plain number
 * @param labels besides what the scraper adds
 * @param roles who exposes it
 * @param meaning one sentence for people
 */
public record MetricSpec(
    String name, Type type, String unit, List<String> labels, Set<Role> roles, String meaning) {

  /** What kind of metric it is, in Prometheus's words. */
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SUMMARY;

    /** As it stands in a scrape. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Freezes the collections. */
  public MetricSpec {
    labels = List.copyOf(labels);
    roles = Set.copyOf(roles);
  }

  /** The names that queries may use. */
  public List<String> series() {
    return switch (type) {
      case COUNTER, GAUGE -> List.of(name);
      case HISTOGRAM -> List.of(name + "_bucket", name + "_count", name + "_sum", name + "_max");
      case SUMMARY -> List.of(name + "_count", name + "_sum", name + "_max");
    };
  }

  /** Who exposes it, in words. */
  String rolesInWords() {
    return roles.stream()
        .sorted()
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
