package dev.turnout.app.command.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.access.KeyJson;
import dev.turnout.gateway.access.KeySecret;
import dev.turnout.schema.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key as declared, in the fields of {@code gateway.keys-file}. In the place of {@code hash} may
 * stand where the secret is, {@code secret: {env: NAME}} or {@code secret: {file: PATH}}; never the
 * secret itself, since documents are kept where many read.
 *
 * @param said null if it could not be read
 * @param dated whether the document says when the key was made
 */
record KeyDeclaration(Declaration from, @Nullable ApiKey said, boolean dated) {
  static final String KIND = "Key";

  private static final String SECRET = "secret";
  private static final String REFER = "say where it is, {env: NAME} or {file: PATH}";

  /** A plain SHA-256 keeps a secret only if nobody can guess it. */
  private static final int SHORTEST_SECRET = 32;

  static KeyDeclaration read(Declaration from, Map<String, String> environment) {
    ObjectNode fields = from.takeFields();
    JsonNode where = fields.remove(SECRET);
    String id = fields.path("id").asText();
    if (id.isEmpty()) {
      from.refuse("id", "is missing; give the key a name");
    }
    if (where != null && fields.has("hash")) {
      from.refuse(SECRET, "stands beside hash; give one of them");
    } else if (where != null) {
      String secret = secret(from, where, environment);
      if (secret != null) {
        fields.put("hash", KeySecret.hash(secret));
      }
    } else if (!fields.has("hash")) {
      from.refuse(SECRET, "is missing, and so is hash; " + REFER);
    }
    ApiKey said = null;
    if (!from.hasRefused()) {
      try {
        said = KeyJson.read(fields);
      } catch (IllegalArgumentException e) {
        from.refuse("key", String.valueOf(e.getMessage()));
      }
    }
    return new KeyDeclaration(from, said, fields.hasNonNull("created_at"));
  }

  private static @Nullable String secret(
      Declaration from, JsonNode where, Map<String, String> environment) {
    String variable = where.path("env").asText("");
    String file = where.path("file").asText("");
    if (!where.isObject() || where.size() != 1 || (variable.isEmpty() && file.isEmpty())) {
      from.refuse(SECRET, "does not stand in a document; " + REFER);
      return null;
    }
    String secret;
    if (!variable.isEmpty()) {
      secret = environment.get(variable);
      if (secret == null) {
        from.refuse(SECRET, "the environment variable " + variable + " is not set; set it");
        return null;
      }
    } else {
      Path path = from.beside(file);
      try {
        secret = Files.readString(path);
      } catch (IOException e) {
        from.refuse(
            SECRET,
            path + " cannot be read (" + e.getClass().getSimpleName() + "); name a file of text");
        return null;
      }
    }
    secret = secret.strip();
    if (secret.length() < SHORTEST_SECRET) {
      from.refuse(
          SECRET,
          "has fewer than "
              + SHORTEST_SECRET
              + " characters, so that it could be guessed; turnout keys create makes one");
      return null;
    }
    return secret;
  }

  /** The key that is to be: one that is revoked stays so, whoever has revoked it. */
  ApiKey next(ApiKey said, @Nullable ApiKey known, Instant now) {
    ApiKey.Builder next = ApiKey.newBuilder(said);
    if (known == null) {
      return dated ? said : next.setCreatedAt(now.truncatedTo(ChronoUnit.MILLIS)).build();
    }
    if (!dated) {
      next.setCreatedAt(known.getCreatedAt());
    }
    if (known.getRevokedAt() != null) {
      next.setRevokedAt(known.getRevokedAt());
    }
    return next.build();
  }
}
