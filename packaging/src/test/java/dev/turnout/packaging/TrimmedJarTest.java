package dev.turnout.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrimmedJarTest {

  /** As the libraries name them: each has words of its own for system and processor. */
  private static final List<String> AMD64 =
      List.of(
          "ai/onnxruntime/native/linux-x64/libonnxruntime.so",
          "com/sun/jna/linux-x86-64/libjnidispatch.so",
          "jnilib/linux-x86_64/cpu/libdjl_torch.so",
          "librocksdbjni-linux64.so",
          "linux/amd64/libzstd-jni-1.5.6-10.so",
          "native/lib/linux-x86_64/cpu/libtokenizers.so",
          "net/jpountz/util/linux/amd64/liblz4-java.so",
          "org/jline/nativ/Linux/x86_64/libjlinenative.so",
          "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so",
          "pytorch/cpu/linux-x86_64/libgomp-98b21ff3.so.1");

  private static final List<String> ARM64 =
      List.of(
          "ai/onnxruntime/native/linux-aarch64/libonnxruntime.so",
          "librocksdbjni-linux-aarch64.so",
          "linux/aarch64/libzstd-jni-1.5.6-10.so",
          "org/jline/nativ/Linux/arm64/libjlinenative.so");

  private static final List<String> NOBODY =
      List.of(
          "ai/onnxruntime/native/osx-x64/libonnxruntime.dylib",
          "ai/onnxruntime/native/osx-x64/libonnxruntime.dylib.dSYM/Contents/Info.plist",
          "ai/onnxruntime/native/win-x64/onnxruntime.pdb",
          "darwin/aarch64/libzstd-jni-1.5.6-10.dylib",
          "freebsd/amd64/libzstd-jni-1.5.6-10.so",
          "librocksdbjni-linux-aarch64-musl.so",
          "librocksdbjni-linux32.so",
          "librocksdbjni-linux64-musl.so",
          "librocksdbjni-osx-arm64.jnilib",
          "librocksdbjni-win64.dll",
          "org/xerial/snappy/native/AIX/ppc/libsnappyjava.a",
          "org/xerial/snappy/native/Linux/android-aarch64/libsnappyjava.so",
          "org/xerial/snappy/native/Linux/armv7/libsnappyjava.so");

  private static final List<String> NO_MACHINE_CODE =
      List.of("META-INF/MANIFEST.MF", "org/xerial/snappy/Snappy.class", "tokenizer.json");

  @TempDir private Path folder;

  @Test
  void shouldKeepWhatThePlatformLoadsAndAllThatIsNoMachineCode() throws IOException {
    // given
    Path library = library(AMD64, ARM64, NOBODY, NO_MACHINE_CODE);

    // when
    TrimmedJar.copy(library, folder.resolve("amd64.jar"), Platform.AMD64);
    TrimmedJar.copy(library, folder.resolve("arm64.jar"), Platform.ARM64);

    // then
    assertThat(entries("amd64.jar")).containsAll(NO_MACHINE_CODE).containsAll(AMD64);
    assertThat(entries("amd64.jar")).hasSize(NO_MACHINE_CODE.size() + AMD64.size());
    assertThat(entries("arm64.jar")).containsAll(NO_MACHINE_CODE).containsAll(ARM64);
    assertThat(entries("arm64.jar")).hasSize(NO_MACHINE_CODE.size() + ARM64.size());
  }

  @Test
  void shouldGiveTheSameBytesAgain() throws IOException {
    // given
    Path library = library(AMD64, NOBODY, NO_MACHINE_CODE);

    // when
    TrimmedJar.copy(library, folder.resolve("first.jar"), Platform.AMD64);
    TrimmedJar.copy(library, folder.resolve("second.jar"), Platform.AMD64);

    // then
    assertThat(folder.resolve("first.jar")).hasSameBinaryContentAs(folder.resolve("second.jar"));
  }

  @Test
  void shouldRefuseALibraryWithoutMachineCodeForThePlatform() throws IOException {
    // given
    Path library = library(AMD64, NO_MACHINE_CODE);

    // when, then
    assertThatThrownBy(() -> TrimmedJar.copy(library, folder.resolve("arm64.jar"), Platform.ARM64))
        .isInstanceOf(PackagingException.class)
        .hasMessageContaining("library.jar")
        .hasMessageContaining("linux/arm64");
  }

  @SafeVarargs
  private Path library(List<String>... entries) throws IOException {
    Path library = folder.resolve("library.jar");
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(library))) {
      for (List<String> some : entries) {
        for (String entry : some) {
          jar.putNextEntry(new ZipEntry(entry));
          jar.write(entry.getBytes(StandardCharsets.UTF_8));
          jar.closeEntry();
        }
      }
    }
    return library;
  }

  private List<String> entries(String name) throws IOException {
    try (ZipFile jar = new ZipFile(folder.resolve(name).toFile())) {
      return jar.stream().map(ZipEntry::getName).toList();
    }
  }
}
