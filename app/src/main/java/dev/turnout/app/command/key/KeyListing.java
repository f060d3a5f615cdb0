package dev.turnout.app.command.key;

import dev.turnout.app.console.TextTable;
import dev.turnout.gateway.access.KeyJson;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.ApiKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code keys list} says; no secret and no hash is in it. */
record KeyListing(Collection<ApiKey> keys, Instant now) {

  String text() {
    TextTable table =
        new TextTable(
            "key", "tenant", "may", ">requests/min", ">tokens/min", ">open", "state", "for");
    for (ApiKey key : keys) {
      table.row(
          key.getId(),
          key.getTenant(),
          rights(key),
          orDash(key.getRequestsPerMinute()),
          orDash(key.getTokensPerMinute()),
          orDash(key.getConcurrency()),
          state(key),
          key.getDescription());
    }
    return table.text();
  }

  Map<String, ?> json() {
    return Map.of("keys", keys.stream().map(KeyJson::shown).toList());
  }

  /** What a key may do, in one line. */
  static String rights(ApiKey key) {
    List<String> rights = Rights.of(key).words();
    return rights.isEmpty() ? "nothing" : String.join(", ", rights);
  }

  private String state(ApiKey key) {
    Instant revoked = key.getRevokedAt();
    if (revoked != null) {
      return "revoked " + revoked;
    }
    Instant end = key.getExpiresAt();
    if (end == null) {
      return "valid";
    }
    return now.isBefore(end) ? "valid until " + end : "expired " + end;
  }

  private static String orDash(@Nullable Number value) {
    return value == null ? "-" : value.toString();
  }
}
