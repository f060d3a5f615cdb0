package dev.turnout.app.command.key;

import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.control.KeyedPublisher;
import dev.turnout.gateway.access.AccessKey;
import dev.turnout.gateway.access.KeyFile;
import dev.turnout.schema.ApiKey;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where keys are kept: the topic of an installation, or a file. */
sealed interface KeySource {

  /**
   * The one that is meant.
   *
   * @param file null for the topic
   */
  static KeySource of(@Nullable Path file, ConnectionOptions where) {
    return file == null ? new OnTopic(where.open()) : new InFile(new KeyFile(file), file);
  }

  /** What it is called. */
  String name();

  /** All keys, by id. */
  Map<String, ApiKey> keys();

  /** Keeps a key, in the place of an earlier one of its id. */
  void keep(ApiKey key) throws InterruptedException;

  /** On the topic of keys, which every gateway follows. */
  record OnTopic(Connection connection) implements KeySource {
    @Override
    public String name() {
      return connection.topics().keys();
    }

    @Override
    public Map<String, ApiKey> keys() {
      return connection.keys();
    }

    @Override
    public void keep(ApiKey key) throws InterruptedException {
      try (KeyedPublisher<ApiKey> publisher = connection.keyPublisher()) {
        AccessKey unusedChecked = AccessKey.of(key);
        publisher.publish(key.getId(), key, "key " + key.getId());
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(String.valueOf(e.getMessage()), e);
      }
    }
  }

  /** In the file that {@code gateway.keys-file} names. */
  record InFile(KeyFile file, Path path) implements KeySource {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public Map<String, ApiKey> keys() {
      Map<String, ApiKey> keys = new TreeMap<>();
      if (file.exists()) {
        try {
          file.read().forEach(key -> keys.put(key.getId(), key));
        } catch (IllegalArgumentException e) {
          throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
      }
      return keys;
    }

    @Override
    public void keep(ApiKey key) {
      Map<String, ApiKey> keys = keys();
      keys.put(key.getId(), key);
      try {
        AccessKey unusedChecked = AccessKey.of(key);
        file.write(keys.values());
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(String.valueOf(e.getMessage()), e);
      }
    }
  }
}
