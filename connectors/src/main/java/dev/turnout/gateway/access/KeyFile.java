package dev.turnout.gateway.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.schema.ApiKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys in a file, for installations that keep theirs with their configuration: one JSON object
 * whose {@code keys} are as {@code turnout keys list --json} prints them, with their hashes.
 */
public final class KeyFile {
  /** Some ten thousand keys. */
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;

  /** A file, which need not exist yet. */
  public KeyFile(Path path) {
    this.path = path;
  }

  /**
   * All of its keys.
   *
   * @throws IllegalArgumentException naming the file and what is wrong; then no key of it counts
   */
  public List<ApiKey> read() {
    return parse(bytes());
  }

  byte[] bytes() {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw refused("it has more than " + MOST_BYTES + " bytes", null);
      }
      return bytes;
    } catch (IOException e) {
      throw refused("it cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  List<ApiKey> parse(byte[] bytes) {
    JsonNode keys;
    try {
      keys = JSON.readTree(bytes).path("keys");
    } catch (JsonProcessingException e) {
      throw refused("it is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw refused("it cannot be read", e);
    }
    if (!keys.isArray()) {
      throw refused("it is no object with a list \"keys\"", null);
    }
    List<ApiKey> read = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (JsonNode each : keys) {
      try {
        ApiKey key = KeyJson.read(each);
        if (!ids.add(key.getId())) {
          throw new IllegalArgumentException("key \"" + key.getId() + "\" is there twice");
        }
        read.add(key);
      } catch (IllegalArgumentException e) {
        throw refused(String.valueOf(e.getMessage()), e);
      }
    }
    return read;
  }

  /**
   * Puts these keys in the place of all others, at once: nobody sees half a file.
   *
   * @throws IllegalArgumentException naming the file if it cannot be written
   */
  public void write(Collection<ApiKey> keys) {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode array = json.putArray("keys");
    keys.forEach(key -> array.add(KeyJson.stored(key)));
    Path target = path.toAbsolutePath();
    Path folder = target.getParent();
    try {
      Path next = Files.createTempFile(folder, "keys-", ".json");
      Files.write(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
      Files.move(next, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IllegalArgumentException("file " + path + " cannot be written: " + e, e);
    }
  }

  /** Whether it is there. */
  public boolean exists() {
    return Files.exists(path);
  }

  private IllegalArgumentException refused(String why, @Nullable Throwable cause) {
    return new IllegalArgumentException("keys file " + path + ": " + why, cause);
  }
}
