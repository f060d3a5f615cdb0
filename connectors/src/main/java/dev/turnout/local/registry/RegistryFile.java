package dev.turnout.local.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** Keeps the registry's state over restarts: ids are in every record and must never change. */
final class RegistryFile {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final @Nullable Path file;

  /** Without a file nothing is kept. */
  RegistryFile(@Nullable Path file) {
    this.file = file;
  }

  RegistryState read() {
    if (file == null || !Files.exists(file)) {
      return RegistryState.empty();
    }
    try {
      return JSON.readValue(file.toFile(), RegistryState.class);
    } catch (IOException broken) {
      throw new IllegalStateException(
          "registry file "
              + file
              + " cannot be read ("
              + broken.getMessage()
              + "): restore it; without it the records on the topics cannot be read",
          broken);
    }
  }

  void write(RegistryState state) {
    if (file == null) {
      return;
    }
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      JSON.writeValue(fresh.toFile(), state);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new RegistryError(
          500, 50001, "Registry file " + file + " cannot be written: " + failed.getMessage());
    }
  }
}
