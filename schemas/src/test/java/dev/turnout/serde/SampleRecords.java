package dev.turnout.serde;

import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records with every kind of field in use. */
final class SampleRecords {

  private SampleRecords() {}

  static Query query(String id, String text) {
    return Query.newBuilder()
        .setId(id)
        .setText(text)
        .setTenant("acme")
        .setConstraints(
            QueryConstraints.newBuilder()
                .setAllowedLlms(List.of("a", "b"))
                .setMaxCostUsd(0.25)
                .build())
        .setDeadline(Instant.ofEpochMilli(1_800_000_000_123L))
        .setMetadata(Map.of("answer", "42"))
        .build();
  }
}
