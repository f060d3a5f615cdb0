package dev.turnout.gateway.access;

import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The secrets that a request brings: each dialect has a header of its own for them. */
final class PresentedSecrets {
  private static final List<String> HEADERS = List.of("x-api-key", "api-key");

  private PresentedSecrets() {}

  /** All of them, in the order in which they are tried: tools send what they have in several. */
  static Stream<String> of(Context context) {
    String authorization = context.header("Authorization");
    Stream<String> bearer =
        authorization == null
            ? Stream.empty()
            : Stream.of(authorization.replaceFirst("(?i)^Bearer +", ""));
    return Stream.concat(bearer, HEADERS.stream().map(context::header).filter(Objects::nonNull))
        .map(String::strip)
        .filter(secret -> !secret.isEmpty());
  }
}
