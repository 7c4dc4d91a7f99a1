package dev.keygate.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeysTest {
  @TempDir private Path directory;

  @Test
  void anAbsentFileIsMadeForItsOwnerAloneAndReadAgain() throws IOException {
    Path file = directory.resolve("master-key");
    List<MasterKey> made = MasterKeys.load(null, file);
    assertThat(made).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(MasterKeys.load(null, file).getFirst().id()).isEqualTo(made.getFirst().id());
    assertThat(filesIn(directory)).containsExactly(file);
  }

  @Test
  void anAbsentFileIsNotMadeByWhoOnlyReads() throws IOException {
    Path file = directory.resolve("master-key");
    assertThatThrownBy(() -> MasterKeys.read(null, file))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file + ": is missing", "restore it from a backup");
    assertThat(filesIn(directory)).isEmpty();
    MasterKey key = MasterKey.generate();
    assertThat(MasterKeys.read(key.encoded(), file)).hasSize(1);
  }

  @Test
  void theEnvironmentTakesTheFilesPlace() throws IOException {
    Path file = directory.resolve("master-key");
    MasterKey key = MasterKey.generate();
    assertThat(MasterKeys.load(key.encoded(), file).getFirst().id()).isEqualTo(key.id());
    assertThat(file).doesNotExist();
    assertThat(MasterKeys.load(Secret.of(" "), file).getFirst().id()).isNotEqualTo(key.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x"})
  void aFileThatOthersMayUseIsRefused(String mode) throws IOException {
    Path file = directory.resolve("master-key");
    MasterKeys.load(null, file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(() -> MasterKeys.load(null, file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(mode)
        .hasMessageContaining("chmod 600 " + file);
  }

  @Test
  void aFileThatItsOwnerMayOnlyReadIsAccepted() throws IOException {
    Path file = directory.resolve("master-key");
    MasterKeys.load(null, file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(MasterKeys.load(null, file)).hasSize(1);
  }

  @Test
  void severalKeysAreReadNewestFirst() throws IOException {
    MasterKey newest = MasterKey.generate();
    MasterKey oldest = MasterKey.generate();
    Path file = directory.resolve("master-key");
    String text = newest.encoded().reveal() + "\r\n\n " + oldest.encoded().reveal() + "\n";
    assertThat(OwnerOnlyFile.create(file, Secret.of(text))).isTrue();
    assertThat(MasterKeys.load(null, file))
        .extracting(MasterKey::id)
        .containsExactly(newest.id(), oldest.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c2hvcnQ=",
        "%%%not-base64%%%",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
      })
  void aKeyOfAnotherFormIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> MasterKeys.load(Secret.of(text), directory.resolve("unused")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected base64 of 32 bytes")
        .hasMessageStartingWith("KEYGATE_MASTER_KEY: ")
        .hasMessageNotContaining(text);
  }

  @Test
  void anEmptyFileIsRefusedAndLeftAsItIs() throws IOException {
    Path file = directory.resolve("master-key");
    OwnerOnlyFile.create(file, Secret.of(""));
    assertThatThrownBy(() -> MasterKeys.load(null, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is empty");
    assertThat(file).isEmptyFile();
  }

  @Test
  void aHugeFileIsRefused() throws IOException {
    Path file = directory.resolve("master-key");
    OwnerOnlyFile.create(file, Secret.of("A".repeat(64 * 1024 + 1)));
    assertThatThrownBy(() -> OwnerOnlyFile.read(file)).hasMessageContaining("larger than 65536");
  }

  @Test
  void startingTogetherEndsWithOneKey() throws Exception {
    Path file = directory.resolve("master-key");
    int starters = 16;
    CountDownLatch go = new CountDownLatch(1);
    List<Future<String>> ids = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < starters; i++) {
        ids.add(
            threads.submit(() -> {
              go.await();
              return MasterKeys.load(null, file).getFirst().id();
            }));
      }
      go.countDown();
      String expected = ids.getFirst().get(10, TimeUnit.SECONDS);
      for (Future<String> id : ids) {
        assertThat(id.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
      }
    }
    assertThat(filesIn(directory)).containsExactly(file);
  }

  @Test
  void toStringNamesTheKeyAndHidesIt() {
    MasterKey key = MasterKey.generate();
    assertThat(key.toString()).isEqualTo("MasterKey[" + key.id() + "]").hasSize(27);
    assertThat(key.encoded()).hasToString("***");
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }
}
