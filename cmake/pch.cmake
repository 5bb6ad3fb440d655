# mezz_precompiled(TARGET core|hosted|tests): the target reads library headers that were parsed once. Sources include what they use all the
# same: MEZZ_PCH=OFF, and the guest, build without. Our own headers are in none, so that a change of one builds no more than its users.

option(MEZZ_PCH "Parse headers of libraries once" ON)
set(MEZZ_CORE_FLAGS -fno-exceptions -fno-rtti -fno-threadsafe-statics)

function(mezz_pch_owner kind header)
  add_library(mezz_pch_${kind} OBJECT "${PROJECT_SOURCE_DIR}/cmake/pch/owner.cpp")
  target_link_libraries(mezz_pch_${kind} PRIVATE mezz_flags ${ARGN})
  target_precompile_headers(mezz_pch_${kind} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/pch/${header}")
endfunction()

function(mezz_precompiled target kind)
  if(NOT MEZZ_PCH OR MEZZ_GUEST)
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM mezz_pch_${kind})
  # Times of files are not what a compiler cache should see.
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()

if(MEZZ_PCH AND NOT MEZZ_GUEST)
  mezz_pch_owner(core standard.hpp)
  target_compile_options(mezz_pch_core PRIVATE ${MEZZ_CORE_FLAGS} "SHELL:-Xclang -fno-pch-timestamp")
  mezz_pch_owner(hosted hosted.hpp simdjson::simdjson)
  target_compile_options(mezz_pch_hosted PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  if(MEZZ_TESTS)
    mezz_pch_owner(tests tests.hpp simdjson::simdjson GTest::gtest)
    target_compile_options(mezz_pch_tests PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()
