package dev.turnout.app.config;

import dev.turnout.config.Setting;
import java.util.Map;
import java.util.Optional;

/** Keys of earlier releases that are refused, since what they said is data now. */
final class FormerKeys {
  private static final Map<String, String> TENANT_OPTIONS =
      Map.of(
          "router.tenant-budgets", "--budget USD",
          "router.tenant-bursts", "--burst USD",
          "router.tenant-exploration-floors", "--exploration-floor SHARE");

  private FormerKeys() {}

  /** Why a key is refused, and the remedy; empty for every other name. */
  static Optional<String> refusal(String key) {
    return Optional.ofNullable(TENANT_OPTIONS.get(key))
        .map(
            option ->
                key
                    + " is no longer a key, since all routers read it from one topic: run `turnout"
                    + " tenants set TENANT "
                    + option
                    + "` for each tenant and take the key out");
  }

  /** As {@link #refusal}, of the key that an environment variable sets. */
  static Optional<String> refusalOfVariable(String variable) {
    return TENANT_OPTIONS.keySet().stream()
        .filter(key -> Setting.environmentVariable(key).equals(variable))
        .findFirst()
        .flatMap(FormerKeys::refusal);
  }
}
